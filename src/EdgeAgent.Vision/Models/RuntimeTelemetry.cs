using System.Runtime.InteropServices;

namespace EdgeAgent.Vision.Models;

/// <summary>
/// ONNX Runtime's official Linux library asks the name service for its maker's collector and writes a device number under the home folder as soon as it is loaded;
/// its own call to switch that off comes too late. It looks at this variable first.
/// </summary>
internal static partial class RuntimeTelemetry
{
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Before the library is loaded. <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not reach native code.</summary>
    public static void Off()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnv(Variable, "1", overwrite: 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
