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
        string[] rows = [.. args.Where(a => a != "--write")];
        if (rows.FirstOrDefault(row => Trial.All.All(trial => trial.Row != row)) is string unknown)
        {
            Console.Error.WriteLine($"./dev torture [ROW…] [--write]: there is no trial for row \"{unknown}\"; there are {string.Join(", ", Trial.All.Select(trial => trial.Row).Distinct())}.");
            return 2;
        }
        if (write && rows.Length > 0)
        {
            Console.Error.WriteLine("--write wants the whole table: name no rows with it.");
            return 2;
        }
        long began = TimeProvider.System.GetTimestamp();
        var lines = new List<string>();
        int broken = 0;
        foreach (Trial trial in Trial.All.Where(trial => rows.Length == 0 || rows.Contains(trial.Row)))
        {
            Console.Error.WriteLine($"{trial.Row}: {trial.Fault} …");
            (string result, string figures) = await RunAsync(trial);
            broken += result == "BROKEN" ? 1 : 0;
            lines.Add($"| {trial.Row} | {trial.Fault} | {trial.Expected} | {result} | {figures} |");
            Console.Error.WriteLine($"    {result}: {figures}");
        }
        string page = Page(lines, TimeProvider.System.GetElapsedTime(began));
        Console.WriteLine(page);
        if (write)
        {
            await File.WriteAllTextAsync(Path.Combine(Root(), "tests", "EdgeAgent.Benchmarks", "results", "torture.md"), page);
        }
        return broken == 0 ? 0 : 1;
    }

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

    private static string Page(List<string> lines, TimeSpan took)
    {
        string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "an unnamed processor";
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # torture

            What the agent promises about disks, crashes and resources, tried on disks of the test's own: the rows are those of [docs/faults.md](../../../docs/faults.md).

                ./dev torture --write

            {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores of {processor} ({RuntimeInformation.ProcessArchitecture}), {RuntimeInformation.FrameworkDescription}; the run took {took.TotalMinutes:0} minutes.

            | row | fault | expected | result | figures |
            | --- | --- | --- | --- | --- |

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
