using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>When a scene's reader reads.</summary>
public class ReaderRoSpecsTests
{
    /// <summary>As the agent adds it.</summary>
    internal static GateRoSpec Spec { get; } = new(1, [1, 2], 1, 32, null, 1, 0, Start: RoSpecStart.AtOnce);

    [Theory]
    [InlineData("a ROSpec that is not there", MessageType.EnableRoSpec, 7u, StatusCode.FieldError)]
    [InlineData("what is disabled", MessageType.StartRoSpec, 1u, StatusCode.FieldError)]
    [InlineData("what does not run", MessageType.StopRoSpec, 1u, StatusCode.FieldError)]
    [InlineData("all there are", MessageType.DisableRoSpec, 0u, StatusCode.Success)]
    [InlineData("the one there is", MessageType.EnableRoSpec, 1u, StatusCode.Success)]
    public void A_ROSpec_that_was_added_is_disabled(string what, object type, uint id, object expected)
    {
        ReaderRoSpecs specs = Added(Spec);

        Assert.True((StatusCode)expected == Take(specs, (MessageType)type, id, TimeSpan.Zero), what);
    }

    [Fact]
    public void A_ROSpec_that_starts_at_once_runs_from_its_enabling_to_its_disabling_though_it_is_stopped()
    {
        ReaderRoSpecs specs = Added(Spec);
        Assert.False(specs.IsRunning(TimeSpan.Zero));

        Take(specs, MessageType.EnableRoSpec, 1, TimeSpan.Zero);
        Assert.True(specs.IsRunning(TimeSpan.FromHours(1)));
        Take(specs, MessageType.StopRoSpec, 1, TimeSpan.Zero);
        Assert.True(specs.IsRunning(TimeSpan.FromHours(1)));
        Take(specs, MessageType.DisableRoSpec, 1, TimeSpan.Zero);
        Assert.False(specs.IsRunning(TimeSpan.Zero));
    }

    [Fact]
    public void A_ROSpec_that_waits_for_a_pin_runs_for_its_duration_after_the_pins_change()
    {
        ReaderRoSpecs specs = Added(Spec with { Start = RoSpecStart.OnPin, StartPort = 2, StartHigh = true, RunMs = 3000 });
        Take(specs, MessageType.EnableRoSpec, 1, TimeSpan.Zero);

        specs.PinChanged(1, high: true, TimeSpan.FromSeconds(1));
        specs.PinChanged(2, high: false, TimeSpan.FromSeconds(1));
        Assert.False(specs.IsRunning(TimeSpan.FromSeconds(1)));
        specs.PinChanged(2, high: true, TimeSpan.FromSeconds(2));
        Assert.True(specs.IsRunning(TimeSpan.FromSeconds(4.9)));
        Assert.False(specs.IsRunning(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_client_that_asks_what_there_is_gets_the_ROSpec_with_its_state()
    {
        ReaderRoSpecs specs = Added(Spec);
        Take(specs, MessageType.EnableRoSpec, 1, TimeSpan.Zero);

        byte[] expected = GateRequests.AddRoSpec(1, Spec)[LlrpHeader.Size..];
        expected[9] = 2; // active
        byte[] answer = specs.Response(5, TimeSpan.Zero);
        Assert.True(LlrpStatus.TryFind(answer.AsSpan(LlrpHeader.Size), out LlrpStatus status) && status.IsSuccess);
        Assert.Equal(expected, answer[^expected.Length..]);
    }

    private static ReaderRoSpecs Added(GateRoSpec spec)
    {
        var specs = new ReaderRoSpecs();
        Assert.Equal(StatusCode.Success, specs.Take(MessageType.AddRoSpec, GateRequests.AddRoSpec(1, spec).AsSpan(LlrpHeader.Size), TimeSpan.Zero));
        return specs;
    }

    private static StatusCode Take(ReaderRoSpecs specs, MessageType type, uint id, TimeSpan now) =>
        specs.Take(type, new LlrpWriter(type, 1).U32(id).ToFrame().AsSpan(LlrpHeader.Size), now);
}
