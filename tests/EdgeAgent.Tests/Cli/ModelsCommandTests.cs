using EdgeAgent.Cli;

namespace EdgeAgent.Tests.Commands;

public sealed class ModelsCommandTests : IDisposable
{
    private const string Name = "yolox-nano-416";
    private const string OnnxFile = "object_det_yolox_nano_416.onnx";

    private readonly TestFolder _folder = new();

    [Fact]
    public async Task The_list_names_each_model_and_says_which_file_is_not_there()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("models", "list", "--models", _folder.Root);

        ended.AssertOk();
        Assert.Contains(Name, ended.Out, StringComparison.Ordinal);
        Assert.Contains($"{OnnxFile} (not in {_folder.Root})", Joined(ended.Out), StringComparison.Ordinal);
    }

    [SharedFact]
    public async Task A_good_model_is_pulled_from_a_folder_and_verified()
    {
        Ended pulled = await EdgeAgentProcess.RunAsync("models", "pull", Name, "--from", Path.Combine(Repo.Shared!, "models"), "--models", _folder["models"]);
        pulled.AssertOk();
        Assert.Contains($"{Name}: {OnnxFile}, 3,660,092 bytes, hash good", pulled.Out, StringComparison.Ordinal);

        Ended verified = await EdgeAgentProcess.RunAsync("models", "verify", Name, "--models", _folder["models"]);
        verified.AssertOk();
        Assert.Contains("good", verified.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_the_wrong_hash_is_refused_by_name_and_not_taken()
    {
        Directory.CreateDirectory(_folder["from"]);
        await File.WriteAllBytesAsync(Path.Combine(_folder["from"], OnnxFile), new byte[3_660_092]);

        Ended ended = await EdgeAgentProcess.RunAsync("models", "pull", Name, "--from", _folder["from"], "--models", _folder["models"]);

        ended.AssertFailed(ExitCode.Model, $"Model '{Name}'", "has sha256", "it was not taken");
        Assert.Empty(Directory.GetFiles(_folder["models"]));
    }

    [Fact]
    public async Task A_file_that_the_folder_does_not_have_is_a_sentence() =>
        (await EdgeAgentProcess.RunAsync("models", "pull", Name, "--from", _folder.Root, "--models", _folder["models"]))
            .AssertFailed(ExitCode.Model, $"Model '{Name}'", "could not be fetched");

    [Fact]
    public async Task A_model_that_is_not_in_the_manifest_is_refused_with_those_that_are()
    {
        (await EdgeAgentProcess.RunAsync("models", "verify", "resnet")).AssertFailed(ExitCode.Model, "There is no model 'resnet'; there are ", Name);
        (await EdgeAgentProcess.RunAsync("models", "pull", "resnet", "--from", _folder.Root)).AssertFailed(ExitCode.Model, "There is no model 'resnet'");
    }

    [Fact]
    public async Task A_missing_file_fails_the_check_of_that_model_and_not_the_check_of_all()
    {
        Ended one = await EdgeAgentProcess.RunAsync("models", "verify", Name, "--models", _folder.Root);
        one.AssertFailed(ExitCode.Model);
        Assert.Contains("is missing", Joined(one.Out), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A table row may break its lines where a path is long.</summary>
    private static string Joined(string table) => string.Join(' ', table.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
