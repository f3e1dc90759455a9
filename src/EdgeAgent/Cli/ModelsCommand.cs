using System.CommandLine;
using System.Globalization;
using EdgeAgent.Vision.Models;
using Spectre.Console;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent models list | verify | pull | golden</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var folder = new Option<string?>("--models") { Description = "Folder of the model files; $EDGE_MODELS, else ./models.", HelpName = "DIR", Recursive = true };
        var names = new Argument<string[]>("NAME") { Description = "Models by name; all when none is given.", Arity = ArgumentArity.ZeroOrMore };
        var from = new Option<string?>("--from")
        {
            Description = "A folder or an http(s) address that holds the files; else each file comes from its publisher.", HelpName = "DIR-or-URL",
        };

        var list = new Command("list", "Shows every model that the agent knows, and whether its file is there.");
        list.SetAction(result => List(new ModelStore(result.GetValue(folder))));

        var verify = new Command("verify", "Checks size, hash, tensors and shapes of the model files, and that each opens.") { names };
        verify.SetAction(result => Verify(new ModelStore(result.GetValue(folder)), result.GetValue(names)!));

        var pull = new Command("pull", "Fetches model files; each is checked against its hash before it takes its place.") { names, from };
        pull.SetAction((result, cancel) =>
            PullAsync(new ModelStore(result.GetValue(folder)), result.GetValue(names)!, result.GetValue(from), cancel));

        return new Command("models", "The ONNX models: what there is, whether the files are whole, and getting them.") { folder, list, verify, pull, ModelsGoldenCommand.Create(folder), ModelsProbeCommand.Create() };
    }

    private static int List(ModelStore store)
    {
        Terminal.Table(
            ["model", "role", "input", "licence", "file"],
            store.Catalog.Models.Select(m => new[]
            {
                m.Synthetic ? m.Name + " (synthetic)" : m.Name, m.Role, m.Input.Text, m.Licence,
                File.Exists(Path.Combine(store.FolderOf(m), m.File)) ? m.File : $"{m.File} (not in {store.FolderOf(m)})",
            }));
        return ExitCode.Ok;
    }

    private static int Verify(ModelStore store, IReadOnlyList<string> names)
    {
        int wrong = 0;
        var rows = new List<string[]>();
        foreach (ModelEntry entry in Choose(store, names))
        {
            // Without names only what is there is checked: a store fetches the models it uses, not all.
            if (names.Count == 0 && !File.Exists(Path.Combine(store.FolderOf(entry), entry.File)))
            {
                rows.Add([entry.Name, "not there"]);
                continue;
            }
            ModelCheck check = store.Catalog.Verify(store.FolderOf(entry), [entry.Name])[0];
            wrong += check.Problem is null ? 0 : 1;
            rows.Add([entry.Name, check.Problem ?? "good"]);
        }
        Terminal.Table(["model", "result"], rows);
        return wrong == 0 ? ExitCode.Ok : ExitCode.Model;
    }

    private static async Task<int> PullAsync(ModelStore store, IReadOnlyList<string> names, string? from, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(100) };
        int failed = 0;
        foreach (ModelEntry entry in Choose(store, names).Where(m => !m.Synthetic))
        {
            try
            {
                await AnsiConsole.Progress().AutoClear(true).StartAsync(async context =>
                {
                    ProgressTask bar = context.AddTask(Markup.Escape(entry.Name), maxValue: entry.Size ?? 1);
                    await store.Catalog.PullAsync(store.Folder, from, [entry.Name], http, p => bar.Value = p.Bytes, cancel);
                });
                long bytes = new FileInfo(Path.Combine(store.Folder, entry.File)).Length;
                Terminal.Line($"{entry.Name}: {entry.File}, {bytes.ToString("N0", CultureInfo.InvariantCulture)} bytes, hash good");
            }
            catch (ModelException e)
            {
                // One model that cannot be had does not keep the others away.
                Terminal.Error(e.Message);
                failed++;
            }
        }
        return failed == 0 ? ExitCode.Ok : ExitCode.Model;
    }

    private static IEnumerable<ModelEntry> Choose(ModelStore store, IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (!store.Catalog.Models.Any(m => m.Name == name))
            {
                throw new ModelException($"There is no model '{name}'; there are {string.Join(", ", store.Catalog.Models.Select(m => m.Name))}.");
            }
        }
        return store.Catalog.Models.Where(m => names.Count == 0 || names.Contains(m.Name));
    }
}
