using System.Text.Json;
using EdgeAgent.Cli;

namespace EdgeAgent.Tests.Commands;

public sealed class ProductsCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [SharedFact]
    public async Task Photos_are_enrolled_listed_and_identified_and_an_unreadable_one_is_named()
    {
        Copy("val/28_00.jpg", "photos/juice/a.jpg");
        Copy("val/61_00.jpg", "photos/cabbage_7.jpg");
        await File.WriteAllTextAsync(Path("photos/juice/broken.jpg"), "no picture");
        await File.WriteAllTextAsync(Path("gtins.csv"), "class,gtin\njuice,4006381333931\nbread,96385074\n");

        Ended enrolled = await Run("enroll", Path("photos"), "--out", Path("g"), "--gtins", Path("gtins.csv"));
        Assert.Equal(ExitCode.Recording, enrolled.ExitCode);
        Assert.Contains("2 products, 2 pictures; 1 unreadable pictures were left out.", enrolled.Out, StringComparison.Ordinal);
        Assert.Contains(Path("photos/juice/broken.jpg"), enrolled.Error, StringComparison.Ordinal);
        Assert.Contains("\"bread\"", enrolled.Error, StringComparison.Ordinal);

        Ended listed = await EdgeAgentProcess.RunAsync("products", "list", Path("g"));
        listed.AssertOk();
        Assert.Contains("04006381333931", listed.Out, StringComparison.Ordinal);

        Ended identified = await Run("identify", Path("g"), Path("photos/juice/a.jpg"), "--json", "--threshold", "0.5");
        identified.AssertOk();
        using JsonDocument answer = JsonDocument.Parse(identified.Out);
        Assert.Equal(("juice", "04006381333931"), (answer.RootElement.GetProperty("product").GetString(), answer.RootElement.GetProperty("gtin").GetString()));
        Assert.Equal(2, answer.RootElement.GetProperty("best").GetArrayLength());
    }

    [Fact]
    public async Task A_wrong_gtin_is_named_before_any_model_is_loaded()
    {
        Directory.CreateDirectory(Path("photos"));
        await File.WriteAllTextAsync(Path("photos/milk_1.jpg"), "");
        await File.WriteAllTextAsync(Path("gtins.csv"), "milk,4006381333932\n");

        (await Run("enroll", Path("photos"), "--out", Path("g"), "--gtins", Path("gtins.csv"))).AssertFailed(ExitCode.Config, "\"milk\"", "4006381333932");
    }

    [Fact]
    public async Task A_folder_without_pictures_and_a_gallery_that_is_none_are_sentences()
    {
        Directory.CreateDirectory(Path("empty"));
        (await Run("enroll", Path("empty"), "--out", Path("g"))).AssertFailed(ExitCode.Config, Path("empty"), "holds no .jpg");
        await File.WriteAllTextAsync(Path("g"), "not a gallery at all, only some words that are long enough to be one");
        (await EdgeAgentProcess.RunAsync("products", "list", Path("g"))).AssertFailed(ExitCode.Model, Path("g"), "is no product gallery");
    }

    [SharedFact]
    public async Task Codes_are_printed_as_one_json_object_a_line()
    {
        string picture = System.IO.Path.Combine(Repo.Shared!, "fixtures", "barcodes", "ean13-1", "1.png");
        Ended ended = await EdgeAgentProcess.RunAsync("codes", picture, Path("none.png"));

        Assert.Equal(ExitCode.Recording, ended.ExitCode);
        Assert.Contains(Path("none.png"), ended.Error, StringComparison.Ordinal);
        using JsonDocument code = JsonDocument.Parse(ended.Out);
        Assert.Equal(
            (picture, "8413000065504", "ean13", "08413000065504"),
            (Text("picture"), Text("text"), Text("type"), Text("gtin")));
        Assert.Equal(JsonValueKind.Null, code.RootElement.GetProperty("serial").ValueKind);

        string? Text(string key) => code.RootElement.GetProperty(key).GetString();
    }

    public void Dispose() => _folder.Dispose();

    private static Task<Ended> Run(params string[] arguments) =>
        EdgeAgentProcess.RunAsync(["products", .. arguments, "--models", Repo.Shared is string shared ? System.IO.Path.Combine(shared, "models") : "models"]);

    private string Path(string name) => System.IO.Path.Combine(_folder.Root, name);

    private void Copy(string fixture, string name)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllBytes(Path(name), File.ReadAllBytes(System.IO.Path.Combine(Repo.Shared!, "fixtures", "products", fixture)));
    }
}
