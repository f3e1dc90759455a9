using EdgeAgent.Simulators.Peers;

namespace EdgeAgent.Rfid.Tests.Peers;

/// <summary>A test against another implementation; where that is not on the machine it is skipped and says what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LlrpjsFactAttribute : FactAttribute
{
    public LlrpjsFactAttribute() => Skip = LlrpjsPackage.Missing;
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class TsharkFactAttribute : FactAttribute
{
    public TsharkFactAttribute() => Skip = Tshark.Executable is null ? "tshark is not installed (Debian: apt-get install tshark), so no dissector can judge our frames." : null;
}
