using EdgeAgent.Tests.Egress;

/// <summary>The runtime calls this by its name, outside of any namespace, before the entry point of a child that DOTNET_STARTUP_HOOKS names it to.</summary>
internal static class StartupHook
{
    public static void Initialize() => AppendingChild.BecomeChildIfAsked();
}
