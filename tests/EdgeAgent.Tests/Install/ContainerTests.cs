using System.Diagnostics;
using System.Text.RegularExpressions;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.Install;

/// <summary>No container engine is needed: what the image says of itself is held against the agent and the repository.</summary>
public sealed partial class ContainerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_image_is_pinned_runs_as_a_user_and_copies_what_there_is()
    {
        Dockerfile file = Dockerfile.Read();

        Assert.All(file.Instructions.Where(i => i.Name == "FROM"), from => Assert.Matches(@"^(--platform=\S+ )?\S+:10\.0\.\d+-noble( AS build)?$", from.Text));
        Assert.All(
            Installed().Matches(string.Join('\n', file.Instructions.Select(i => i.Text))).SelectMany(m => m.Groups["package"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            package => Assert.Matches(@"^'[a-z0-9]+=[0-9:.]+\*'$", package));
        // The last word about the user is not root's, and comes after everything that root does.
        int user = file.Instructions.ToList().FindIndex(i => i.Name == "USER");
        Assert.Equal("edge-agent", file["USER"]);
        Assert.DoesNotContain(file.Instructions.Skip(user), i => i.Name is "RUN" or "COPY" or "ADD");
        Assert.Contains("useradd --system --uid 10001", file.Instructions[user - 2].Text, StringComparison.Ordinal);
        // COPY . . takes the repository but for what .dockerignore names; what the publish needs is in it.
        string[] left = File.ReadAllLines(Repo.File(".dockerignore"));
        Assert.Equal(["**/bin", "**/obj", "**/node_modules", ".git", "out"], left);
        Assert.Equal([". .", "--from=build /app /opt/edge-agent"], file.Instructions.Where(i => i.Name == "COPY").Select(i => i.Text));
        Assert.Contains("-o /app", file.Instructions.Last(i => i.Text.StartsWith("dotnet publish", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        Assert.EndsWith("dotnet publish src/EdgeAgent", file.Instructions.Last(i => i.Text.StartsWith("dotnet publish", StringComparison.Ordinal)).Text.Split(" -c ")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_image_starts_and_what_it_asks_for_its_health_are_commands_of_the_agent()
    {
        Dockerfile file = Dockerfile.Read();
        string[] program = ["dotnet", "/opt/edge-agent/edge-agent.dll"];
        Assert.Equal(program, file.Words("ENTRYPOINT"));
        string[] health = file.Words("HEALTHCHECK");
        Assert.Equal(program, health[..2]);

        // Each gets as far as the configuration, which is not here: the parser took the rest.
        foreach (string[] words in new[] { file.Words("CMD"), health[2..] })
        {
            string[] here = [.. words.Select(word => word.Replace("/etc/edge-agent", _folder.Root, StringComparison.Ordinal).Replace("/var/lib/edge-agent", _folder["state"], StringComparison.Ordinal))];
            (await EdgeAgentProcess.RunAsync(here)).AssertFailed(Cli.ExitCode.Config, "store.json cannot be read");
        }
    }

    [MosquittoFact]
    public async Task Health_asks_the_agent_that_runs_and_says_when_none_does()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        string plain = RunningStore.Config(broker.Port, $"llrp://127.0.0.1:{reader.Port}");
        (await EdgeAgentProcess.RunAsync("health", _folder.Write("pageless.json", plain))).AssertFailed(Cli.ExitCode.Config, "has no dashboard", "\"port\": 8330");

        int port = FreePort();
        string config = _folder.Write("store.json", plain.Replace("\"checkout\":", $$"""
            "dashboard": { "port": {{port}} }, "checkout":
            """, StringComparison.Ordinal));
        (await EdgeAgentProcess.RunAsync("health", config)).AssertFailed(Cli.ExitCode.Doctor, $"No agent answers at http://127.0.0.1:{port}");

        using EdgeAgentProcess agent = EdgeAgentProcess.Start("run", config, "--state", _folder["state"]);
        await agent.LineAsync("The local page is at ");
        Ended well = await EdgeAgentProcess.RunAsync("health", config);
        for (int tries = 0; well.Out.Contains("starting", StringComparison.Ordinal) && tries < 100; tries++)
        {
            Assert.Equal(Cli.ExitCode.Doctor, well.ExitCode);
            well = await EdgeAgentProcess.RunAsync("health", config);
        }
        well.AssertOk();
        Assert.StartsWith("well\n", well.Out, StringComparison.Ordinal);
        agent.Terminate();
        (await agent.EndAsync()).AssertOk();
    }

    [Fact]
    public void The_compose_example_closes_both_containers_and_mounts_what_is_there_once_the_commands_of_the_docs_have_run()
    {
        string text = File.ReadAllText(Repo.File("device-config/compose.yaml"));
        string[] services = text.Split("\nvolumes:\n")[0].Split("\n\n");
        Assert.DoesNotContain('\t', text);
        Assert.Equal(2, services.Length);
        Assert.All(services, service => Assert.All(
            ["restart: unless-stopped", "read_only: true", "tmpfs: [ /tmp ]", "cap_drop: [ ALL ]", "no-new-privileges:true"],
            line => Assert.Contains(line, service, StringComparison.Ordinal)));
        Assert.Matches(@"image: eclipse-mosquitto:2\.\d+\.\d+\n", services[0]);
        Assert.Contains("dockerfile: Dockerfile.arm64", services[1], StringComparison.Ordinal);
        // The broker's health is that it listens: its port as the kernel writes it.
        Assert.Contains($":{8883:X} ", services[0], StringComparison.Ordinal);
        // What the broker's own configuration names is mounted where it names it.
        string broker = File.ReadAllText(Repo.File("device-config/mosquitto/mosquitto.conf"));
        Assert.All(["/etc/mosquitto/acl", "/etc/mosquitto/certs", "/var/lib/mosquitto"], path =>
        {
            Assert.Contains(path, broker, StringComparison.Ordinal);
            Assert.Contains($":{path}", services[0], StringComparison.Ordinal);
        });

        string section = File.ReadAllText(Repo.File("docs/install.md")).Split("## With its own broker")[1];
        string commands = string.Join('\n', section.Split("```sh\n")[1].Split("```")[0].Split('\n').Where(line => !line.StartsWith("cd ", StringComparison.Ordinal) && !line.StartsWith("sudo ", StringComparison.Ordinal) && !line.StartsWith("docker ", StringComparison.Ordinal)));
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-ec", $"cp -r {Repo.File("device-config")}/. . && {commands}"]) { WorkingDirectory = _folder.Root, RedirectStandardError = true })!;
        string complained = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, complained);
        string[] mounted = [.. Mount().Matches(text).Select(m => m.Groups["from"].Value)];
        Assert.Equal(5, mounted.Length);
        Assert.All(mounted, from => Assert.True(Path.Exists(_folder[from]), $"{from} is mounted, and nothing makes it."));
        // Every certificate that the two configurations name is in its mounted folder.
        Assert.All(
            Certificate().Matches(broker).Select(m => $"pki/broker/{m.Groups["file"].Value}").Concat(Certificate().Matches(File.ReadAllText(_folder["etc/store.json"])).Select(m => $"etc/{m.Groups["file"].Value}")),
            file => Assert.True(File.Exists(_folder[file]), $"{file} is named by a configuration, and nothing makes it."));
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("apt-get install -y --no-install-recommends (?<package>[^&]+)&&")]
    private static partial Regex Installed();

    [GeneratedRegex(@"^ +- (?<from>\./[^:]+):", RegexOptions.Multiline)]
    private static partial Regex Mount();

    [GeneratedRegex(@"(^(cafile|certfile|keyfile) |(ca|cert|key)File"": "").*/(?<file>[a-z-]+\.[a-z]+)", RegexOptions.Multiline)]
    private static partial Regex Certificate();
}
