using System.Reflection;
using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Vision.Faces;

namespace EdgeAgent.Tests.Architecture;

public class MemberPrivacyTests
{
    private static readonly JsonSerializerOptions s_withFields = new() { IncludeFields = true };

    [Fact]
    public void Only_the_members_room_takes_a_template_as_bytes()
    {
        MethodInfo bytes = typeof(FaceTemplate).GetMethod(nameof(FaceTemplate.AsBytes))!;
        Type[] takers = [.. new[] { typeof(Agent).Assembly, typeof(FaceTemplate).Assembly }.SelectMany(Il.Uses).Where(use => use.Uses.Equals(bytes)).Select(use => use.In).Distinct()];

        Assert.Equal([typeof(EdgeAgent.Members.MemberFile)], takers);
        Assert.Empty(Sources.Naming("src/EdgeAgent/Members", @"\bJson"));
    }

    [Fact]
    public void A_template_shows_nothing_to_a_serialiser()
    {
        Assert.Empty(typeof(FaceTemplate).GetProperties());
        Assert.Empty(typeof(FaceTemplate).GetFields());
        Assert.ThrowsAny<Exception>(() => JsonSerializer.Deserialize<FaceTemplate>("{}", s_withFields));
        Assert.Equal("{}", JsonSerializer.Serialize(FaceTemplate.FromBytes(new byte[32]), s_withFields));
    }

    [Fact]
    public void Nothing_of_checkout_or_gate_knows_a_member()
    {
        string[] links = [.. Il.Uses(typeof(ShopFloor).Assembly)
            .Where(use => use.In.Namespace is "EdgeAgent.Core.Checkout" or "EdgeAgent.Core.Gate")
            .Where(use => IsMembers(use.Uses as Type ?? use.Uses.DeclaringType))
            .Select(use => $"{use.In.Name} uses {use.Uses.Name}")];
        string[] back = [.. Il.Uses(typeof(ShopFloor).Assembly)
            .Where(use => use.In.Namespace == "EdgeAgent.Core.Members")
            .Where(use => (use.Uses as Type ?? use.Uses.DeclaringType)?.Namespace is "EdgeAgent.Core.Checkout" or "EdgeAgent.Core.Gate" or "EdgeAgent.Core.Visits")
            .Select(use => $"{use.In.Name} uses {use.Uses.Name}")];

        Assert.Empty(links);
        Assert.Empty(back);
    }

    private static bool IsMembers(Type? type) =>
        type?.Namespace == "EdgeAgent.Core.Members" || type == typeof(ShopInput.MemberSeen) || type == typeof(ShopEvent.MemberArrived);
}
