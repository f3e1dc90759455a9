using System.CommandLine;
using System.CommandLine.Help;

namespace EdgeAgent.Cli;

/// <summary>All commands, and how the process ends.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand(
            "The edge agent of a smart store: reads cameras and RFID exit gates, recognises people and goods inside the box, and publishes anonymised "
            + "visits and exit checkouts over MQTT.")
        {
            RunCommand.Create(),
            DoctorCommand.Create(),
            HealthCommand.Create(),
            DemoCommand.Create(),
            ReplayCommand.Create(),
            AcceptCommand.Create(),
            WatchCommand.Create(),
            CalibrateCommand.Create(),
            ModelsCommand.Create(),
            ConfigCommand.Create(),
            PricesCommand.Create(),
            ContractCommand.Create(),
            ProductsCommand.Create(),
            CodesCommand.Create(),
            MembersCommand.Create(),
            PrivacyCommand.Create(),
            OutboxCommand.Create(),
            SimulateCommand.Create(),
            ExplainCommand.Create(),
            EpcCommand.Create(),
            EpcisCommand.Create(),
            GateCommand.Create(),
            LlrpCommand.Create(),
            FleetCommand.Create(),
            CompletionCommand.Create(),
        };
        root.WithExamples(
            """
            edge-agent demo                                   see it work without any hardware
            edge-agent config check store.json                every error with its JSON path
            edge-agent doctor store.json                      try every device, the disk, the models and the broker once
            edge-agent models pull --models /var/lib/edge-agent/models
            edge-agent run store.json --state /var/lib/edge-agent
            edge-agent replay tests/scenarios/one-by-one --events -

            Exit codes:
            """ + "\n" + string.Join('\n', ExitCode.All.Select(known => $"{known.Code,3}  {known.Meaning}")));
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Aliases.Clear(); // of another world: /h, /?
        help.Aliases.Add("-h");
        Examples.Install(root);
        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            ParseResult command = Create().Parse(args);
            // The service handles signals itself and may take as long as the service manager allows; the others are broken off after two seconds.
            TimeSpan? patience = command.CommandResult.Command.Name == "run" ? null : TimeSpan.FromSeconds(2);
            return await command.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = patience });
        }
        catch (Exception e) when (ExitCode.Of(e) is not null)
        {
            if (e is not OperationCanceledException)
            {
                Terminal.Error(e.Message);
            }
            return ExitCode.Of(e)!.Value;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("EDGE_AGENT_TRACE") is null)
        {
            Terminal.Error($"This is a bug in the agent: {e.GetType().Name}: {e.Message} Set EDGE_AGENT_TRACE=1, run it again and report what it prints.");
            return ExitCode.Bug;
        }
    }
}
