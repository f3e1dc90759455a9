using EdgeAgent.Core.Commands;

namespace EdgeAgent.Core.Config;

internal sealed partial class ConfigRules
{
    private void CheckCommands(CommandsConfig commands)
    {
        if (commands.Allow is { } allow)
        {
            Unique(allow, "$.commands.allow", "command");
            Known(allow, [.. CommandKind.All.Select(kind => kind.Name)], "$.commands.allow", "command");
        }
    }
}
