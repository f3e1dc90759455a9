using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Architecture;

/// <summary>What must stay absent: these hold the promises of ARCHITECTURE.md.</summary>
public class CoreArchitectureTests
{
    private static readonly Assembly s_core = typeof(ShopFloor).Assembly;

    [Fact]
    public void Core_references_only_the_base_class_library() =>
        Assert.All(s_core.GetReferencedAssemblies(), a => Assert.True(
            a.Name!.StartsWith("System.", StringComparison.Ordinal) && File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, a.Name + ".dll")),
            $"{a.Name} is not part of the base class library."));

    [Fact]
    public void Core_asks_for_no_package_and_no_project()
    {
        var project = XDocument.Load(Path.Combine(Shared.Repository, "src/EdgeAgent.Core/EdgeAgent.Core.csproj"));

        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("ProjectReference"));
        Assert.Equal(["EdgeAgent.Core.Tests"], project.Descendants("InternalsVisibleTo").Select(e => e.Attribute("Include")!.Value));
    }

    [Theory]
    [InlineData("System.IO.File")]
    [InlineData("System.Net")]
    [InlineData("System.Threading.Thread")]
    [InlineData("System.Threading.Tasks")]
    [InlineData("System.TimeProvider")]
    [InlineData("System.Environment")]
    [InlineData("System.Console")]
    [InlineData("System.Diagnostics.Process")]
    public void Core_uses_no_files_network_threads_or_clock(string forbidden)
    {
        using FileStream file = File.OpenRead(s_core.Location);
        using var image = new System.Reflection.PortableExecutable.PEReader(file);
        System.Reflection.Metadata.MetadataReader metadata = System.Reflection.Metadata.PEReaderExtensions.GetMetadataReader(image);
        IEnumerable<string> used = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(t => $"{metadata.GetString(t.Namespace)}.{metadata.GetString(t.Name)}");

        Assert.DoesNotContain(used, name => name == forbidden || name.StartsWith(forbidden + ".", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(EgressEvent))]
    [InlineData(typeof(EgressStatus))]
    public void Only_the_privacy_room_makes_what_may_leave(Type egress)
    {
        Assert.All(egress.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), c => Assert.True(c.IsAssembly));
        List<string> makers = [.. Makers(egress).Select(m => m.DeclaringType!.Namespace!).Distinct()];

        Assert.Equal(["EdgeAgent.Core.Privacy"], makers);
    }

    [Fact]
    public void Only_the_privacy_gate_makes_events() =>
        Assert.Equal([typeof(PrivacyGate)], Makers(typeof(EgressEvent)).Select(m => m.DeclaringType!).Distinct());

    [Theory]
    [InlineData(typeof(ShopInput))]
    [InlineData(typeof(ShopEvent))]
    public void Sets_of_inputs_and_events_are_closed(Type set)
    {
        Assert.True(set.IsAbstract);
        // A record also has a protected copy constructor; nobody outside can call the other one, so nobody can derive.
        Assert.All(set.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), c =>
            Assert.True(c.IsPrivate || (c.GetParameters() is [{ } only] && only.ParameterType == set)));
        Assert.NotEmpty(set.GetNestedTypes());
        Assert.All(set.GetNestedTypes(), c => Assert.True(c.IsSealed && c.BaseType == set, $"{c.Name} must be a sealed case of {set.Name}."));
        Assert.All(s_core.GetTypes().Where(t => t.BaseType == set), t => Assert.Equal(set, t.DeclaringType));
    }

    [Fact]
    public void What_has_happened_cannot_be_changed()
    {
        IEnumerable<Type> said = typeof(ShopEvent).GetNestedTypes().Concat([typeof(GatePassage), typeof(BagItem), typeof(Attribution), typeof(VisitId), typeof(ItemIdentity)]);
        foreach (PropertyInfo property in said.SelectMany(t => t.GetProperties()))
        {
            bool initOnly = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ?? true;
            Assert.True(initOnly || property.DeclaringType!.IsValueType, $"{property.DeclaringType!.Name}.{property.Name} can be set.");
        }
        Assert.DoesNotContain(said.SelectMany(t => t.GetFields(BindingFlags.Instance | BindingFlags.Public)), f => !f.IsInitOnly);
    }

    [Fact]
    public void No_look_and_no_frame_can_be_written_as_json()
    {
        HashSet<Type> written = [.. s_core.GetTypes().Where(t => t.BaseType == typeof(System.Text.Json.Serialization.JsonSerializerContext))
            .SelectMany(t => t.GetProperties()).Select(p => p.PropertyType).Where(t => t.IsGenericType).Select(t => t.GetGenericArguments()[0])];

        Assert.NotEmpty(written);
        Assert.DoesNotContain(written, t => t == typeof(Appearance) || t == typeof(PersonSeen) || t == typeof(Epc) || t == typeof(float[])
            || typeof(ShopInput).IsAssignableFrom(t) || typeof(ShopEvent).IsAssignableFrom(t));
    }

    [Fact]
    public void Banned_symbols_are_wired_into_every_project_and_break_the_build()
    {
        var props = XDocument.Load(Path.Combine(Shared.Repository, "Directory.Build.props"));
        string banned = File.ReadAllText(Path.Combine(Shared.Repository, "BannedSymbols.txt"));

        Assert.Contains(props.Descendants("AdditionalFiles"), e => e.Attribute("Include")!.Value.EndsWith("BannedSymbols.txt", StringComparison.Ordinal));
        Assert.Contains(props.Descendants("PackageReference"), e => e.Attribute("Include")!.Value == "Microsoft.CodeAnalysis.BannedApiAnalyzers");
        Assert.Contains("dotnet_diagnostic.RS0030.severity = error", File.ReadAllText(Path.Combine(Shared.Repository, ".editorconfig")), StringComparison.Ordinal);
        Assert.All(
            ["P:System.DateTime.UtcNow;", "P:System.DateTimeOffset.UtcNow;", "P:System.DateTimeOffset.Now;", "M:System.Guid.NewGuid;", "P:System.Random.Shared;"],
            symbol => Assert.Contains(symbol, banned, StringComparison.Ordinal));
        foreach (string folder in new[] { "src", "tests" })
        {
            Assert.All(Directory.GetFiles(Path.Combine(Shared.Repository, folder), "*.csproj", SearchOption.AllDirectories), file =>
                Assert.DoesNotContain("AdditionalFiles Remove", File.ReadAllText(file), StringComparison.Ordinal));
            Assert.Empty(Directory.GetFiles(Path.Combine(Shared.Repository, folder), "Directory.Build.*", SearchOption.AllDirectories));
        }
    }

    /// <summary>Methods whose code holds a newobj (0x73) of one of the type's constructors.</summary>
    private static IEnumerable<MethodBase> Makers(Type made)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        List<byte[]> calls = [.. made.GetConstructors(All).Select(c => (byte[])[0x73, .. BitConverter.GetBytes(c.MetadataToken)])];
        return s_core.GetTypes().SelectMany(t => t.GetMethods(All).Concat<MethodBase>(t.GetConstructors(All)))
            .Where(m => m.GetMethodBody()?.GetILAsByteArray() is byte[] code && calls.Exists(call => code.AsSpan().IndexOf(call) >= 0));
    }
}
