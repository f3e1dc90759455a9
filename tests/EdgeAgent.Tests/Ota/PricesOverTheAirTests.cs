using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Core.Config;
using EdgeAgent.Ota;
using EdgeAgent.Signing;

namespace EdgeAgent.Tests.Ota;

/// <summary>Price lists over the air: believed, fetched and swapped like models, read whole instead of tried.</summary>
public class PricesOverTheAirTests
{
    [Fact]
    public async Task A_price_list_is_in_use_a_moment_after_it_was_pushed_and_after_a_restart()
    {
        await using var rig = new OtaRig();
        rig.Start();
        Assert.Null(rig.Prices);
        await rig.PushAsync(Listed(rig, "prices-1", List(129)));

        Assert.Equal(("healthy", "none"), await rig.EndAsync("prices-1"));
        Assert.Equal(129, rig.Prices!.Prices[0].Price);
        await rig.PushAsync(Listed(rig, "prices-2", List(139)));
        JsonElement report = await rig.UntilAsync(r => InUse(r) == "prices-2");
        Assert.Equal("prices", report.GetProperty("artefacts")[0].GetProperty("role").GetString());
        Assert.Equal(139, rig.Prices!.Prices[0].Price);

        await rig.StopAsync();
        rig.Start();
        Assert.Equal(139, rig.Prices!.Prices[0].Price);

        Assert.True(await rig.Room.RollBackAsync("prices-2", CancellationToken.None));
        Assert.Equal(129, rig.Prices!.Prices[0].Price);
        Assert.True(await rig.Room.RollBackAsync("prices-1", CancellationToken.None));
        Assert.Null(rig.Prices);
    }

    [Fact]
    public async Task A_list_with_an_error_or_in_another_currency_is_rejected_and_the_one_before_stays()
    {
        await using var rig = new OtaRig();
        rig.Start();
        await rig.PushAsync(Listed(rig, "good", List(129)));
        await rig.EndAsync("good");

        await rig.PushAsync(Listed(rig, "negative", List(-1)));
        Assert.Equal(("rejected", "contract"), await rig.EndAsync("negative"));
        await rig.PushAsync(Listed(rig, "crowns", List(10).Replace("EUR", "SEK", StringComparison.Ordinal)));
        Assert.Equal(("rejected", "contract"), await rig.EndAsync("crowns"));
        await rig.PushAsync(Listed(rig, "changed", List(139)) with { Sha256 = Convert.ToHexStringLower(SHA256.HashData("other"u8)) });
        Assert.NotEqual("healthy", (await rig.EndAsync("changed")).State);
        OtaArtefact large = Listed(rig, "large", List(149)) with { Size = PriceList.MaxBytes + 1L };
        await rig.PushAsync(large);
        Assert.Equal(("rejected", "tooLarge"), await rig.EndAsync("large"));

        Assert.Equal(129, rig.Prices!.Prices[0].Price);
        await rig.StopAsync();
        rig.Start();
        Assert.Equal(129, rig.Prices!.Prices[0].Price);
    }

    [Fact]
    public async Task A_list_that_nobody_trusted_signed_or_that_is_older_is_not_even_fetched()
    {
        await using var rig = new OtaRig();
        rig.Start();
        byte[] older = rig.Description([Listed(rig, "older", List(1))]);
        await rig.PushAsync(Listed(rig, "good", List(129)));
        await rig.EndAsync("good");
        using SigningKey stranger = SigningKey.Create();

        await rig.Room.OfferAsync(rig.Description([Listed(rig, "forged", List(2))], key: stranger), CancellationToken.None);
        await rig.UntilAsync(r => r.GetProperty("refused").GetString() == "unknownKey");
        await rig.Room.OfferAsync(older, CancellationToken.None);
        await rig.UntilAsync(r => r.GetProperty("refused").GetString() == "stale");

        Assert.Equal(129, rig.Prices!.Prices[0].Price);
    }

    [Fact]
    public async Task A_damaged_file_gives_its_place_to_the_list_before_it()
    {
        await using var rig = new OtaRig();
        rig.Start();
        OtaArtefact second = Listed(rig, "prices-2", List(139));
        await rig.PushAsync(Listed(rig, "prices-1", List(129)));
        await rig.EndAsync("prices-1");
        await rig.PushAsync(second);
        await rig.EndAsync("prices-2");
        await rig.StopAsync();
        await File.AppendAllTextAsync(Path.Combine(rig.State, "prices", second.Sha256 + ".json"), " ");

        rig.Start();

        Assert.Equal(129, rig.Prices!.Prices[0].Price);
    }

    [Fact]
    public async Task At_every_moment_of_a_kill_the_old_list_or_the_new_one_is_whole()
    {
        await using var rig = new OtaRig { KeepsMoments = true };
        rig.Start();
        await rig.PushAsync(Listed(rig, "prices-1", List(129)));
        await rig.EndAsync("prices-1");
        await rig.PushAsync(Listed(rig, "prices-2", List(139)));
        await rig.EndAsync("prices-2");

        await rig.FromEachMomentAsync(i => Assert.True(rig.Prices?.Prices[0].Price is null or 129 or 139, $"moment {i}"));
    }

    [Fact]
    public async Task The_command_line_checks_a_list_and_prints_its_artefact()
    {
        using var folder = new TestFolder();
        string file = folder.Write("week_49.json", List(129));

        Ended good = await EdgeAgentProcess.RunAsync("prices", "check", file);
        Assert.Equal((ExitCode.Ok, "1 price in EUR, 0 tax classes, 0 promotions. No errors.\n"), (good.ExitCode, good.Out));
        OtaArtefact artefact = JsonSerializer.Deserialize<OtaArtefact>((await EdgeAgentProcess.RunAsync("prices", "artefact", file, "--url", "https://labels.example/49.json")).Out, JsonSerializerOptions.Web)!;
        Assert.Equal(("prices", "week-49", Hash(List(129))), (artefact.Kind, artefact.Name, artefact.Sha256));

        Ended bad = await EdgeAgentProcess.RunAsync("prices", "check", folder.Write("bad.json", List(-1).Replace("\"EUR\"", "\"euro\"", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Config, bad.ExitCode);
        Assert.Contains("has 2 errors:", bad.Error, StringComparison.Ordinal);
        Assert.Contains("$.prices[0].price: -1 is not between 0 and 1000000000.", bad.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Config, (await EdgeAgentProcess.RunAsync("prices", "check", folder["missing.json"])).ExitCode);
    }

    [Fact]
    public void The_example_has_no_errors_and_the_schema_is_that_of_this_agent()
    {
        Assert.Empty(ConfigReader.ReadPrices(File.ReadAllBytes(Repo.File("device-config/prices-example.json"))).Errors);
        Assert.Equal(ConfigSchema.PricesText(), File.ReadAllText(Repo.File("device-config/prices.schema.json")));
    }

    private static string List(long price) => $$"""{"currency":"EUR","prices":[{"gtin":"00614141000012","price":{{price}}}]}""";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static OtaArtefact Listed(OtaRig rig, string name, string list)
    {
        rig.Server.Files["/" + Hash(list)] = Encoding.UTF8.GetBytes(list);
        return new OtaArtefact("prices", name, rig.Server.Url("/" + Hash(list)), Encoding.UTF8.GetByteCount(list), Hash(list));
    }

    private static string? InUse(JsonElement report) =>
        report.GetProperty("inUse").EnumerateArray().Where(u => u.GetProperty("role").GetString() == "prices").Select(u => u.GetProperty("name").GetString()).FirstOrDefault();
}
