using System.CommandLine;
using EdgeAgent.Core.Contract;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent contract</c>: the published contract as this agent has it, and whether a recording keeps it.</summary>
internal static class ContractCommand
{
    public static Command Create() => new("contract", "What this agent says and takes on MQTT: schemas, the AsyncAPI document, and the check of recordings.")
    {
        Schema(), Document(), Check(), WriteAll(),
    };

    private static Command Schema()
    {
        var name = new Argument<string?>("NAME") { Description = "A message, for example exit.settled, command.selftest or answer.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("schema", "Prints the JSON Schema of a message; without a name the names.") { name };
        command.SetAction(result =>
        {
            IReadOnlyDictionary<string, string> files = ContractSchema.Files();
            if (result.GetValue(name) is not string wanted)
            {
                foreach (string file in files.Keys)
                {
                    Terminal.Line(file[..^".v1.json".Length]);
                }
                return ExitCode.Ok;
            }
            if (!files.TryGetValue(wanted + ".v1.json", out string? schema))
            {
                Terminal.Error($"The contract has no message '{wanted}'. `edge-agent contract schema` lists them.");
                return ExitCode.Usage;
            }
            Console.Out.Write(schema);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Document()
    {
        var command = new Command("asyncapi", "Prints the AsyncAPI 3.0 document; it names the schemas beside it.");
        command.SetAction(_ =>
        {
            Console.Out.Write(AsyncApi.Text());
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Check()
    {
        var file = new Argument<string>("FILE") { Description = "One record a line: an envelope, a batch, or {\"topic\", \"payload\"}; - for standard input." };
        var command = new Command("check", "Holds a subscriber's recording against the contract; prints line, path and reason of each fault.") { file };
        command.SetAction(async (result, cancel) =>
        {
            string path = result.GetRequiredValue(file);
            using TextReader lines = path == "-" ? Console.In : File.OpenText(path);
            var check = new ContractCheck();
            int number = 0;
            int records = 0;
            int wrong = 0;
            while (await lines.ReadLineAsync(cancel) is string line)
            {
                number++;
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }
                records++;
                IReadOnlyList<ContractFault> faults = check.Record(line);
                wrong += faults.Count > 0 ? 1 : 0;
                foreach (ContractFault fault in faults)
                {
                    Terminal.Line($"line {number}: {fault.Path}: {fault.Reason}");
                }
            }
            Terminal.Line(wrong == 0 ? $"{records} records, all keep the contract." : $"{records} records, {wrong} do not keep the contract.");
            return wrong == 0 ? ExitCode.Ok : ExitCode.Different;
        });
        return command.WithExamples(
            """
            mosquitto_sub -h 127.0.0.1 -t 'sst/#' -F '{"topic":"%t","payload":%p}' > heard.jsonl
            edge-agent contract check heard.jsonl
            """);
    }

    private static Command WriteAll()
    {
        var folder = new Argument<string>("DIR") { Description = "device-config/contract of the repository." };
        var command = new Command("write", "Writes the document and all schemas into a folder. For developers, after looking at the difference.") { folder };
        command.SetAction(async (result, cancel) =>
        {
            string root = result.GetRequiredValue(folder);
            string schemas = Path.Combine(root, "schemas");
            Directory.CreateDirectory(schemas);
            foreach (string old in Directory.GetFiles(schemas, "*.json"))
            {
                File.Delete(old);
            }
            await File.WriteAllTextAsync(Path.Combine(root, "asyncapi.json"), AsyncApi.Text(), cancel);
            foreach ((string file, string text) in ContractSchema.Files())
            {
                await File.WriteAllTextAsync(Path.Combine(schemas, file), text, cancel);
            }
            Terminal.Line($"{root}: asyncapi.json and {ContractSchema.Files().Count} schemas written");
            return ExitCode.Ok;
        });
        return command;
    }
}
