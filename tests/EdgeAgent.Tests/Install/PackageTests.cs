using System.Diagnostics;
using System.Text.Json;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.Install;

/// <summary>The Debian package that `./dev deb` makes, put on a box by dpkg, and the list of what the agent consists of.</summary>
public sealed class PackageTests
{
    [BoxFact]
    public async Task The_package_installs_the_same_way_and_its_purge_leaves_nothing()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using SystemdBox box = await SystemdBox.StartAsync();
        // Made in the box, so that it leaves nothing in the repository's out/.
        string package = await PackageAsync(box, SystemdBox.Published);
        string[] held = [.. (await box.AskAsync($"dpkg-deb -c {package}")).Split('\n')];
        Assert.All(held, line => Assert.Matches("^(-rw-r--r--|[-d]rwxr-xr-x) root/root ", line));
        Assert.Contains(held, line => line.EndsWith(" ./usr/lib/edge-agent/edge-agent.dll", StringComparison.Ordinal));
        Assert.All(["postinst", "prerm", "postrm"], script => Assert.Equal(
            File.ReadAllText(Repo.File("device-config/install.sh")), box.AskAsync($"dpkg-deb --info {package} {script}").GetAwaiter().GetResult() + "\n"));

        await box.AskAsync("mkdir /etc/edge-agent");
        string config = RunningStore.Config(broker.Port, $"llrp://127.0.0.1:{reader.Port}");
        await File.WriteAllTextAsync(box["/etc/edge-agent/store.json"], config);
        await box.AskAsync($"dpkg -i {package}");
        Assert.Equal("active", await box.AskAsync("systemctl is-active edge-agent"));
        Assert.Equal(AgentVersion.Text, await box.AskAsync("dpkg-query -W -f '${Version}' edge-agent"));
        // Linked, not copied: the package and the version that runs are one file.
        Assert.Equal("2", await box.AskAsync("stat -c %h /usr/lib/edge-agent/edge-agent.dll"));

        // Another one: dpkg takes the old files away, the version before stays whole.
        await InstallTests.NextVersionAsync(box, "echo better > notes.txt");
        await box.AskAsync($"dpkg -i {await PackageAsync(box, "/root/next")}");
        Assert.Equal("active", await box.AskAsync("systemctl is-active edge-agent"));
        Assert.Equal("better", await box.AskAsync("cat /opt/edge-agent/current/notes.txt"));
        Assert.Equal("", await box.AskAsync($"diff -r {SystemdBox.Published} /opt/edge-agent/previous/ || true"));

        await box.AskAsync("dpkg -r edge-agent");
        Assert.False(Path.Exists(box["/opt/edge-agent"]));
        Assert.Equal(config, await File.ReadAllTextAsync(box["/etc/edge-agent/store.json"]));
        Assert.True(File.Exists(box["/var/lib/edge-agent/outbox.db"]));
        await box.AskAsync("dpkg -P edge-agent");
        Assert.All(["/etc/edge-agent", "/var/lib/edge-agent", "/usr/lib/edge-agent"], path => Assert.False(Path.Exists(box[path])));
    }

    private static async Task<string> PackageAsync(SystemdBox box, string folder) => Repo.File(await box.AskAsync($"{Repo.File("dev")} deb {folder} 2> /dev/null"));

    /// <summary>What `./dev sbom` adds to the list of the CycloneDX tool: no package that is in the product is missing.</summary>
    [NodeFact]
    public void The_bill_of_materials_names_the_npm_and_Debian_packages_too()
    {
        using var folder = new TestFolder();
        string file = folder.Write("sbom.json", """
            { "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": { "component": { "bom-ref": "EdgeAgent@0.0.0", "name": "EdgeAgent" } },
              "components": [ { "type": "library", "name": "Spectre.Console" } ], "dependencies": [ { "ref": "EdgeAgent@0.0.0", "dependsOn": [] } ] }
            """);
        using (Process node = Process.Start("node", [Repo.File("build/sbom.mjs"), file, "1.2.3", "2030-01-02"]))
        {
            node.WaitForExit();
            Assert.Equal(0, node.ExitCode);
        }

        JsonElement bom = JsonElement.Parse(File.ReadAllText(file));
        string[] refs = [.. bom.GetProperty("components").EnumerateArray().Where(c => c.TryGetProperty("bom-ref", out _)).Select(c => c.GetProperty("bom-ref").GetString()!)];
        JsonElement npm = JsonElement.Parse(File.ReadAllText(Repo.File("build/onnxruntime/package.json"))).GetProperty("dependencies");
        Assert.Equal(
            [.. npm.EnumerateObject().Select(p => $"pkg:npm/{p.Name}@{p.Value.GetString()}"), "pkg:deb/debian/ffmpeg", "pkg:deb/debian/libmosquitto1", "pkg:deb/debian/libzbar0", "pkg:deb/debian/aspnetcore-runtime-10.0"],
            refs);
        Assert.Equal(refs, bom.GetProperty("dependencies")[0].GetProperty("dependsOn").EnumerateArray().Select(r => r.GetString()!));
        Assert.All(bom.GetProperty("components").EnumerateArray().Skip(1).Take(2), c => Assert.Equal(128, c.GetProperty("hashes")[0].GetProperty("content").GetString()!.Length));
        Assert.Equal(("1.2.3", "2030-01-02T00:00:00Z"), (bom.GetProperty("metadata").GetProperty("component").GetProperty("version").GetString(), bom.GetProperty("metadata").GetProperty("timestamp").GetString()));
    }
}

/// <summary>A test that runs a script of Node.js, which the build needs anyway.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() =>
        Skip = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "node"))) ? null : "Node.js is not in the PATH.";
}
