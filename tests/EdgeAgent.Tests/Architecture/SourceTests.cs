using System.Xml.Linq;

namespace EdgeAgent.Tests.Architecture;

public class SourceTests
{
    private const int MaxLines = 400;

    [Fact]
    public void Each_library_is_named_in_one_place()
    {
        Assert.Equal(["src/EdgeAgent.Vision/Models/OnnxModel.cs"], Sources.Naming("src", @"Microsoft\.ML\.OnnxRuntime"));
        AssertOnlyIn("src/EdgeAgent/Mqtt/", Sources.Naming("src", @"(?i)libmosquitto|MQTTnet"));
        AssertOnlyIn("src/EdgeAgent/Egress/", Sources.Naming("src", @"Microsoft\.Data\.Sqlite|SQLitePCL"));
    }

    [Fact]
    public void Nothing_listens_but_the_local_page()
    {
        Assert.Equal(["src/EdgeAgent/Dashboard/PageServer.cs"], Sources.Naming("src", @"TcpListener|HttpListener|Kestrel|WebApplication|WebHost|\.Listen\s*\(|\.Bind\s*\(|AcceptAsync|AcceptSocket"));
        // Off unless configured, and then on loopback unless the box's own file says otherwise: RemoteLimitsTests and DashboardRunTests.
        Assert.Null(new Core.Config.DeviceConfig(1, new("a", "b", "c"), [], [], [], new("EUR", [])).Dashboard);
        Assert.True(new Core.Config.DashboardConfig().IsLocal);
        Assert.DoesNotContain(Repo.Files("src", "*.csproj"), project => File.ReadAllText(Repo.File(project)).Contains("Sdk.Web", StringComparison.Ordinal));
    }

    [Fact]
    public void Banned_symbols_are_wired_into_every_project()
    {
        XDocument props = XDocument.Load(Repo.File("Directory.Build.props"));
        XElement wiring = props.Descendants("AdditionalFiles").Single(f => f.Attribute("Include")!.Value == "$(RepoRoot)BannedSymbols.txt").Parent!;
        Assert.Contains(wiring.Elements("PackageReference"), p => p.Attribute("Include")!.Value == "Microsoft.CodeAnalysis.BannedApiAnalyzers");
        Assert.Equal("'$(MSBuildProjectName)' != 'OnnxRuntime'", wiring.Attribute("Condition")!.Value);
        Assert.Equal("true", props.Descendants("TreatWarningsAsErrors").Single().Value);

        // Nobody takes the props away, out of the wiring, or looks the other way. RS0030 is the use of a banned symbol.
        Assert.Equal(["Directory.Build.props"], Repo.Files(".", "Directory.Build.props"));
        string[] settings = [.. Repo.Files(".", "*.csproj"), .. Repo.Files(".", "*.props"), .. Repo.Files(".", "*.targets")];
        string[] ways = ["RS0030", "AdditionalFiles Remove", "RunAnalyzers", "ImportDirectoryBuildProps"];
        Assert.DoesNotContain(settings, file => ways.Any(way => File.ReadAllText(Repo.File(file)).Contains(way, StringComparison.Ordinal)));
        Assert.Equal(["dotnet_diagnostic.RS0030.severity = error"], File.ReadLines(Repo.File(".editorconfig")).Where(line => line.Contains("RS0030", StringComparison.Ordinal)));
        Assert.Empty(Sources.Naming("src", "disable RS0030|SuppressMessage"));

        string[] banned = File.ReadAllLines(Repo.File("BannedSymbols.txt"));
        Assert.All(
            ["P:System.DateTime.UtcNow", "P:System.DateTimeOffset.UtcNow", "P:System.DateTimeOffset.Now", "M:System.Threading.Thread.Sleep(System.Int32)", "M:System.Threading.Tasks.Task.Delay(System.Int32)", "M:System.Guid.NewGuid", "P:System.Random.Shared"],
            symbol => Assert.Contains(banned, line => line.StartsWith(symbol + ";", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void No_file_is_longer_than_a_person_reads_at_once(string folder) =>
        Assert.DoesNotContain(Repo.Files(folder, "*.cs"), file => File.ReadLines(Repo.File(file)).Count() > MaxLines);

    private static void AssertOnlyIn(string folder, string[] files)
    {
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.StartsWith(folder, file, StringComparison.Ordinal));
    }
}
