using System.Reflection;
using System.Xml.Linq;
using EdgeAgent.Core;
using EdgeAgent.Rfid;
using EdgeAgent.Vision;

namespace EdgeAgent.Tests.Architecture;

public class ProjectTests
{
    private static readonly string s_runtimeFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    [Fact]
    public void Each_project_references_only_what_the_map_allows()
    {
        var allowed = new Dictionary<string, string[]>
        {
            ["src/EdgeAgent.Core/EdgeAgent.Core.csproj"] = [],
            ["src/EdgeAgent.Vision/EdgeAgent.Vision.csproj"] = ["EdgeAgent.Core", "OnnxRuntime"],
            ["src/EdgeAgent.Rfid/EdgeAgent.Rfid.csproj"] = ["EdgeAgent.Core"],
            ["src/EdgeAgent/EdgeAgent.csproj"] = ["EdgeAgent.Core", "EdgeAgent.Rfid", "EdgeAgent.Simulators", "EdgeAgent.Vision"],
        };

        Assert.Equal(allowed.Keys.Order(StringComparer.Ordinal), Repo.Files("src", "*.csproj"));
        Assert.All(allowed, project => Assert.Equal(project.Value, References(project.Key, "ProjectReference")));
        Assert.All(
            ["src/EdgeAgent.Core/EdgeAgent.Core.csproj", "src/EdgeAgent.Rfid/EdgeAgent.Rfid.csproj"],
            project => Assert.Empty(References(project, "PackageReference"))); // but for a build switch, see decision 0048
        Assert.All(References("tests/EdgeAgent.Simulators/EdgeAgent.Simulators.csproj", "ProjectReference"), name => Assert.NotEqual("EdgeAgent", name));
    }

    [Fact]
    public void Core_is_compiled_against_the_base_class_library_alone() =>
        Assert.All(
            typeof(ShopFloor).Assembly.GetReferencedAssemblies(),
            name => Assert.True(File.Exists(Path.Combine(s_runtimeFolder, name.Name + ".dll")), $"{name.Name} is no part of the base class library."));

    [Fact]
    public void Vision_and_Rfid_are_compiled_without_each_other()
    {
        Assert.Equal(["EdgeAgent.Core"], Ours(typeof(FrameAnalyzer).Assembly));
        Assert.Equal(["EdgeAgent.Core"], Ours(typeof(ReaderRunner).Assembly));
    }

    [Fact]
    public void Only_tests_and_benchmarks_point_at_the_host() =>
        Assert.Equal(
            ["tests/EdgeAgent.Benchmarks/EdgeAgent.Benchmarks.csproj", "tests/EdgeAgent.Tests/EdgeAgent.Tests.csproj", "tests/EdgeAgent.Torture/EdgeAgent.Torture.csproj"],
            Repo.Files(".", "*.csproj").Where(project => References(project, "ProjectReference").Contains("EdgeAgent")));

    [Fact]
    public void Only_the_core_tests_see_what_is_internal_to_Core() =>
        Assert.Equal(
            ["EdgeAgent.Core.Tests"],
            typeof(ShopFloor).Assembly.GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName));

    private static string[] References(string project, string kind) =>
        [.. XDocument.Load(Repo.File(project)).Descendants(kind).Where(reference => reference.Parent!.Attribute("Condition") is null)
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)).Order(StringComparer.Ordinal)];

    private static string[] Ours(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("EdgeAgent", StringComparison.Ordinal) || name == "edge-agent")];
}
