using EdgeAgent.Torture.Children;
using EdgeAgent.Torture.Trials;

if (args is [ChildOrders.Verb, ..])
{
    return await new ChildProgram(ChildOrders.Parse(args)).RunAsync();
}
return await TortureTable.RunAsync(args);
