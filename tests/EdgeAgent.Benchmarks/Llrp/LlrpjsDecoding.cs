using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Simulators.Peers;

namespace EdgeAgent.Benchmarks.Llrp;

/// <summary>
/// The decoder of the npm package llrpjs on the same messages, timed by Node.js in its own loop: the median of slices of 20 ms after half a
/// second of warming up, in turn with our own passes.
/// </summary>
internal sealed class LlrpjsDecoding
{
    private const double Seconds = 1;

    private static readonly int[] s_tags = [1, 64];

    private readonly Dictionary<int, List<double>> _rates = [];
    private string _node = "";

    public string Name => $"npm llrpjs 1.0.1 on Node.js {_node}";

    /// <summary>Does nothing where llrpjs is missing.</summary>
    public void Measure()
    {
        if (LlrpjsPackage.Missing is not null)
        {
            return;
        }
        foreach (int tags in s_tags)
        {
            using Process script = LlrpjsPackage.Start(
                "llrpjs-decode.js", Convert.ToHexString(ReportDecoding.FrameOf(tags)), Seconds.ToString(CultureInfo.InvariantCulture));
            string said = script.StandardOutput.ReadToEnd();
            script.WaitForExit();
            JsonElement result = JsonElement.Parse(said);
            if (result.GetProperty("tags").GetInt32() != tags)
            {
                throw new InvalidOperationException($"llrpjs read something else than {tags} tags: {said}");
            }
            _node = result.GetProperty("node").GetString()!;
            if (!_rates.TryGetValue(tags, out List<double>? rates))
            {
                _rates.Add(tags, rates = []);
            }
            rates.Add(result.GetProperty("messagesPerSecond").GetDouble());
        }
    }

    /// <returns>Messages per second, the median of the passes; null where llrpjs is missing.</returns>
    public double? Rate(int tags) => _rates.TryGetValue(tags, out List<double>? rates) ? Rounds.Median(rates) : null;

    /// <param name="own">Messages per second of our decoder.</param>
    public string Says(Func<int, double> own) => LlrpjsPackage.Missing is { } missing
        ? $"not run: npm llrpjs. {missing}"
        : $"Our decoder reads {ResultTable.Number(own(1) / Rate(1)!.Value)} times as many messages of one tag as llrpjs, and {ResultTable.Number(own(64) / Rate(64)!.Value)} times as many of 64; "
            + "llrpjs makes an object of every parameter, as it must for its users.";
}
