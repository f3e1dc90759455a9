using System.Runtime.InteropServices;

namespace EdgeAgent.Vision.Tests.Codes;

/// <summary>A test that reads codes; skipped with a sentence where the library is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class ZbarFactAttribute : FactAttribute
{
    public ZbarFactAttribute() =>
        Skip = NativeLibrary.TryLoad("libzbar.so.0", out _) ? null : "libzbar.so.0 is not installed: apt-get install libzbar0.";
}

/// <summary>A test that reads the shared pictures of codes.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedZbarFactAttribute : ZbarFactAttribute
{
    public SharedZbarFactAttribute() => Skip ??= new SharedFactAttribute().Skip;
}
