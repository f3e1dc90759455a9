using System.Diagnostics;
using System.Text.Json;

namespace EdgeAgent.Tests.Architecture;

/// <summary>The card's packages are in a build that asks for them and in no other: docs/decisions/0048.</summary>
public class SwitchTests
{
    [Theory]
    [InlineData("src/EdgeAgent", "MqttClient=mqttnet", "MQTTnet", "Mqtt/MqttConnection.MqttNet.cs")]
    [InlineData("src/EdgeAgent.Vision", "FrameSource=opencvsharp", "OpenCvSharp4", "Cameras/OpenCvFrames.OpenCvSharp.cs")]
    [InlineData("src/EdgeAgent.Rfid", "Gpio=iot", "System.Device.Gpio", "ReaderRunner.BoxPins.cs")]
    [InlineData("build/onnxruntime", "OnnxRuntimeSource=nuget", "Microsoft.ML.OnnxRuntime", null)]
    public async Task A_package_and_its_file_are_in_the_build_that_asks_for_them_and_in_no_other(string project, string asked, string package, string? file)
    {
        (string[] packages, string[] files) = await EvaluateAsync(project);
        Assert.DoesNotContain(package, packages);
        Assert.True(file is null || !files.Contains(file));

        (packages, files) = await EvaluateAsync(project, "-p:" + asked);
        Assert.Contains(package, packages);
        Assert.True(file is null || files.Contains(file));
    }

    [Fact]
    public async Task A_build_by_MQTTnet_has_no_libmosquitto()
    {
        (_, string[] files) = await EvaluateAsync("src/EdgeAgent", "-p:MqttClient=mqttnet");
        Assert.DoesNotContain("Mqtt/Libmosquitto.cs", files);
        Assert.DoesNotContain("Mqtt/MqttConnection.cs", files);
    }

    /// <summary>What MSBuild makes of a project, without building it.</summary>
    private static async Task<(string[] Packages, string[] Files)> EvaluateAsync(string project, params string[] properties)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", Repo.File(project), "-getItem:PackageReference", "-getItem:Compile", .. properties]) { RedirectStandardOutput = true };
        using Process msbuild = Process.Start(start)!;
        string said = await msbuild.StandardOutput.ReadToEndAsync();
        await msbuild.WaitForExitAsync();
        Assert.Equal(0, msbuild.ExitCode);
        using JsonDocument items = JsonDocument.Parse(said);
        string[] Of(string kind) => [.. items.RootElement.GetProperty("Items").GetProperty(kind).EnumerateArray().Select(i => i.GetProperty("Identity").GetString()!)];
        return (Of("PackageReference"), Of("Compile"));
    }
}
