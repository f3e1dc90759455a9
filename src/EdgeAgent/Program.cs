using System.CommandLine;
using EdgeAgent.Cli;

// The second file to open is Agent.cs: every room and pipe in the order the data flows.
var root = new RootCommand(
    "The edge agent of a smart store: reads cameras and RFID exit gates, recognises people and goods inside the box, and publishes anonymised "
    + "visits and exit checkouts over MQTT.")
{
    RunCommand.Create(),
    DemoCommand.Create(),
    ReplayCommand.Create(),
    AcceptCommand.Create(),
    ModelsCommand.Create(),
    ConfigCommand.Create(),
    SimulateCommand.Create(),
};
root.WithExamples(
    """
    edge-agent demo                                   see it work without any hardware
    edge-agent config check store.json                every error with its JSON path
    edge-agent models pull --models /var/lib/edge-agent/models
    edge-agent run store.json --state /var/lib/edge-agent
    edge-agent replay tests/scenarios/one-by-one --events -
    """);
Examples.Install(root);

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (ExitCode.Of(e) is not null)
{
    if (e is not OperationCanceledException)
    {
        Terminal.Error(e.Message);
    }
    return ExitCode.Of(e)!.Value;
}
