using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAgent.Torture.Trials;

/// <summary><c>./dev torture</c>: every trial at full length, as a table.</summary>
internal static class TortureTable
{
    public static async Task<int> RunAsync(string[] args)
    {
        bool write = args.Contains("--write");
        string[] wanted = [.. args.Where(a => a != "--write")];
        if (wanted.FirstOrDefault(want => !Trial.All.Any(trial => Is(trial, want))) is string unknown)
        {
            Console.Error.WriteLine(
                $"./dev torture [ROW or WORDS…] [--write]: there is no trial for \"{unknown}\"; there are {string.Join(", ", Trial.All.Select(trial => trial.Row).Distinct())}, or words of a fault in quotes.");
            return 2;
        }
        string file = Path.Combine(Root(), "tests", "EdgeAgent.Benchmarks", "results", "torture.md");
        string[] before = write && File.Exists(file) ? await File.ReadAllLinesAsync(file) : [];
        var lines = new List<string>();
        int broken = 0;
        foreach (Trial trial in Trial.All)
        {
            string begin = $"| {trial.Row} | {trial.Fault} |";
            if (wanted.Length > 0 && !wanted.Any(want => Is(trial, want)))
            {
                // A run of some rows leaves the others as they were measured, with their own day.
                lines.AddRange(before.Where(line => line.StartsWith(begin, StringComparison.Ordinal)));
                continue;
            }
            Console.Error.WriteLine($"{trial.Row}: {trial.Fault} …");
            (string result, string figures) = await RunAsync(trial);
            broken += result == "BROKEN" ? 1 : 0;
            lines.Add($"{begin} {trial.Expected} | {result} | {figures} | {TimeProvider.System.GetUtcNow():yyyy-MM-dd} |");
            Console.Error.WriteLine($"    {result}: {figures}");
        }
        string page = Page(lines);
        Console.WriteLine(page);
        if (write)
        {
            await File.WriteAllTextAsync(file, page);
        }
        return broken == 0 ? 0 : 1;
    }

    private static bool Is(Trial trial, string want) => trial.Row == want || trial.Fault.Contains(want, StringComparison.OrdinalIgnoreCase) && want.Length > 2;

    private static async Task<(string Result, string Figures)> RunAsync(Trial trial)
    {
        if (trial.Missing is string why)
        {
            return ("not run", why);
        }
        try
        {
            Finding finding = await trial.Run();
            return finding.Holds ? ("holds", finding.Figures) : ("BROKEN", string.Join(' ', finding.Broken.Take(3)) + " " + finding.Figures);
        }
        catch (Exception e) when (e is Faults.FaultException or TimeoutException or InvalidOperationException or IOException)
        {
            return ("BROKEN", e.Message.ReplaceLineEndings(" "));
        }
    }

    private static string Page(List<string> lines)
    {
        string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "an unnamed processor";
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # torture

            What the agent promises about disks, crashes and resources, tried on disks of the test's own: the rows are those of [docs/faults.md](../../../docs/faults.md).

                ./dev torture --write

            {Environment.ProcessorCount} cores of {processor} ({RuntimeInformation.ProcessArchitecture}), {RuntimeInformation.FrameworkDescription}. Times are those of a machine that others used as well.

            | row | fault | expected | result | figures | day |
            | --- | --- | --- | --- | --- | --- |

            """);
        foreach (string line in lines)
        {
            page.Append(line).Append('\n');
        }
        return page.ToString();
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EdgeAgent.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("The torture runs from the project's own folder: no EdgeAgent.sln lies above this program.");
    }
}
