using System.Diagnostics;

namespace EdgeAgent.Tests.Install;

public sealed class UnitTests
{
    private const string Unit = "device-config/edge-agent.service";

    [SystemdAnalyzeFact]
    public void Systemd_understands_every_line_of_the_unit() =>
        Assert.Equal((0, ""), Analyze("verify", "--man=no", Repo.File(Unit)));

    /// <summary>docs/install.md says the figure and what it consists of.</summary>
    [SystemdAnalyzeFact]
    public void The_unit_is_as_closed_as_the_docs_say()
    {
        (int ended, string said) = Analyze("security", "--offline=true", "--threshold=20", "--no-pager", Repo.File(Unit));

        Assert.True(ended == 0, said);
        Assert.Contains("Overall exposure level for edge-agent.service: 2.0 OK", said, StringComparison.Ordinal);
        Assert.Contains("**2.0**", File.ReadAllText(Repo.File("docs/install.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_unit_starts_the_command_line_that_the_image_starts()
    {
        string start = File.ReadLines(Repo.File(Unit)).Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));

        Assert.Equal("run /etc/edge-agent/store.json --state /var/lib/edge-agent --models /var/lib/edge-agent/models", start.Split("edge-agent.dll ")[1]);
        // One that the agent's own parser takes as far as the file, which is not there.
        Assert.Equal(["run", "/etc/edge-agent/store.json", "--state", "/var/lib/edge-agent"], Dockerfile.Read().Words("CMD"));
    }

    /// <summary>Without it the library asks the name server for its maker's collector and keeps an id of the box in its user's home.</summary>
    [Fact]
    public void Neither_the_unit_nor_the_image_lets_ONNX_Runtime_call_home()
    {
        Assert.Contains("Environment=ORT_DISABLE_TELEMETRY=1\n", File.ReadAllText(Repo.File(Unit)), StringComparison.Ordinal);
        Assert.Contains(" ORT_DISABLE_TELEMETRY=1 ", Dockerfile.Read()["ENV"], StringComparison.Ordinal);
    }

    private static (int Ended, string Said) Analyze(params string[] arguments)
    {
        using Process analyze = Process.Start(new ProcessStartInfo("systemd-analyze", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> complained = analyze.StandardError.ReadToEndAsync();
        string said = analyze.StandardOutput.ReadToEnd() + complained.GetAwaiter().GetResult();
        analyze.WaitForExit();
        return (analyze.ExitCode, said);
    }
}

/// <summary>A test that needs systemd's own judge; skipped with a sentence where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemdAnalyzeFactAttribute : FactAttribute
{
    public SystemdAnalyzeFactAttribute() =>
        Skip = File.Exists("/usr/bin/systemd-analyze") && File.Exists("/usr/bin/dotnet") ? null : "systemd-analyze is not installed (Debian: apt-get install systemd), or there is no /usr/bin/dotnet for the unit to start.";
}
