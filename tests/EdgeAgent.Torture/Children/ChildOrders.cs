using System.Globalization;

namespace EdgeAgent.Torture.Children;

/// <summary>What a child is to do, as its command line says it.</summary>
/// <param name="Db">The outbox file, on the disk that fails.</param>
/// <param name="Producers">How many append one event after the other, each waiting for the disk.</param>
/// <param name="BrokerPort">Publishes to this broker as well; 0 for no publisher.</param>
/// <param name="Rate">Events a second through a waiting room, instead of producers that wait; 0 for none.</param>
/// <param name="HogMegabytes">Takes this much memory a second until it is killed; 0 for none.</param>
internal sealed record ChildOrders(string Db, int Producers = 8, int BrokerPort = 0, int HogMegabytes = 0, int Rate = 0)
{
    public const string Verb = "child";

    public IReadOnlyList<string> ToArguments() => [Verb, Db, Text(Producers), Text(BrokerPort), Text(HogMegabytes), Text(Rate)];

    public static ChildOrders Parse(string[] arguments) => new(arguments[1], Number(arguments[2]), Number(arguments[3]), Number(arguments[4]), Number(arguments[5]));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
