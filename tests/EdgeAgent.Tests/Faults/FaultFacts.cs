using EdgeAgent.Torture.Faults;

namespace EdgeAgent.Tests.Faults;

/// <summary>A test that needs a disk of its own; skipped with a sentence where none can be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DiskFactAttribute : FactAttribute
{
    public DiskFactAttribute() => Skip = LoopDisk.Missing;
}

/// <summary>A test that needs a disk of its own and a broker.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DiskAndBrokerFactAttribute : FactAttribute
{
    public DiskAndBrokerFactAttribute() => Skip = LoopDisk.Missing ?? Missing.Mosquitto;
}

/// <summary>A test that needs a disk of its own that lies about what it has written.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LyingDiskFactAttribute : FactAttribute
{
    public LyingDiskFactAttribute() => Skip = LoopDisk.Missing ?? LyingDisk.Missing;
}

/// <summary>A test that needs a control group of the kernel.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ControlGroupFactAttribute : FactAttribute
{
    public ControlGroupFactAttribute(string controller, string setting, bool disk = false) =>
        Skip = ControlGroup.Missing(controller, setting) ?? (disk ? LoopDisk.Missing : null);
}

/// <summary>A test that starts an agent under a limit of its shell and needs a broker.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxAndMosquittoFactAttribute : FactAttribute
{
    public LinuxAndMosquittoFactAttribute() =>
        Skip = !OperatingSystem.IsLinux() ? "Limits of a process are read from Linux's /proc." : Missing.Mosquitto;
}
