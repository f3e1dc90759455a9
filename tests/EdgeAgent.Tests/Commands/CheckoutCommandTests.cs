using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Egress;
using EdgeAgent.Signing;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Mqtt;
using EdgeAgent.Tests.Running;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Tests.Commands;

/// <summary>Carts, mandates and payments, with a whole agent at a real broker.</summary>
public class CheckoutCommandTests
{
    private const string Cart = """{"cart":"c-1","gate":"gate-1","items":[{"gtin":"00614141000012","quantity":2}],"prepaid":true,"holdsSeconds":3600}""";

    [MosquittoFact]
    public async Task A_cart_that_was_claimed_before_a_restart_is_that_of_the_bag_that_leaves_after_it_and_is_used_up()
    {
        using MosquittoBroker broker = Started();
        await using var store = new CommandedStore(broker);
        await using Subscriber heard = await Subscriber.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store);
        await using (LlrpReaderSimulator quiet = RunningStore.QuietReader())
        {
            await store.StartAsync(quiet);
            Assert.Equal((200, "done"), await Of(caller, "cart.claim", Cart));
            Assert.Equal((200, "nothing-to-do"), await Of(caller, "cart.claim", Cart));
            Assert.Equal((409, "contradiction"), await Of(caller, "cart.claim", Cart.Replace(":2", ":3", StringComparison.Ordinal)));
            Assert.Equal((404, "unknown-target"), await Of(caller, "cart.claim", Cart.Replace("gate-1", "gate-9", StringComparison.Ordinal)));
            Assert.Equal((400, "bad-request"), await Of(caller, "cart.claim", Cart.Replace("12\"", "13\"", StringComparison.Ordinal)));
            Assert.Equal((400, "bad-request"), await Of(caller, "cart.claim", """{"cart":"c-2","gate":"gate-1","items":[],"prepaid":true,"mandate":"m-1"}"""));
            await store.StopAsync();
        }
        await using LlrpReaderSimulator reader = RunningStore.ReaderWithBag();
        await store.StartAsync(reader);

        JsonElement data = (await heard.DocumentAsync("/evt/exit/held")).GetProperty("data");
        Assert.Equal("""{"method":"prepaid","due":0,"cart":"c-1","prepaid":258}""", data.GetProperty("payment").GetRawText());
        Assert.Equal(["no-shopper"], data.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));
        Assert.Equal((409, "contradiction"), await Of(caller, "cart.cancel", """{"cart":"c-1"}"""));

        // Used up on disk too: the next start does not open it again, nor lets it be claimed.
        await store.StopAsync();
        await using LlrpReaderSimulator later = RunningStore.QuietReader();
        await store.StartAsync(later);
        Assert.Equal((404, "unknown-target"), await Of(caller, "cart.cancel", """{"cart":"c-1"}"""));
        Assert.Equal((409, "contradiction"), await Of(caller, "cart.claim", Cart));
    }

    [MosquittoFact]
    public async Task A_mandate_is_taken_only_with_a_signature_that_the_box_believes_and_stays_revoked_over_a_restart()
    {
        using MosquittoBroker broker = Started();
        using SigningKey key = SigningKey.Create();
        using SigningKey stranger = SigningKey.Create();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        await using var store = new CommandedStore(broker);
        store.Trust(key);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store);
        await store.StartAsync(reader);
        string mandate = Mandate("acme/s0001", TimeProvider.System.GetUtcNow());
        string signed = Signed(mandate, key);

        Assert.Equal((403, "not-believed"), await Of(caller, "mandate.put", mandate));
        Assert.Equal((403, "not-believed"), await Of(caller, "mandate.put", Signed(mandate, stranger)));
        Assert.Equal((403, "not-believed"), await Of(caller, "mandate.put", signed.Replace("5000", "9000", StringComparison.Ordinal)));
        Assert.Equal((403, "not-believed"), await Of(caller, "mandate.put", Signed(Mandate("acme/s0002", TimeProvider.System.GetUtcNow()), key)));
        Assert.Equal((200, "done"), await Of(caller, "mandate.put", signed));
        Assert.Equal((200, "nothing-to-do"), await Of(caller, "mandate.put", signed));
        Assert.Equal((200, "done"), await Of(caller, "mandate.revoke", """{"mandate":"m-1"}"""));
        Assert.Equal((409, "contradiction"), await Of(caller, "mandate.put", signed));

        await store.StopAsync();
        await store.StartAsync(reader);
        Assert.Equal((409, "contradiction"), await Of(caller, "mandate.put", signed));
        Assert.Equal((200, "done"), await Of(caller, "mandate.put", Signed(Mandate("acme/*", TimeProvider.System.GetUtcNow().AddSeconds(1)), key)));
    }

    [MosquittoFact]
    public async Task A_payment_that_was_declined_may_be_cleared_by_a_person_and_by_nothing_else()
    {
        await using HeldBag bag = await HeldBag.StartAsync();
        (CommandedStore store, Caller caller, string key) = (bag.Store, bag.Caller, bag.Key);
        string Result(string result) => $$"""{"settlementKey":"{{key}}","result":"{{result}}"}""";

        Assert.Equal((200, "done"), await Of(caller, "payment.result", Result("declined")));
        Assert.Equal((409, "contradiction"), await Of(caller, "payment.result", Result("paid")));
        Assert.Equal((200, "done"), await Of(caller, "payment.result", Result("cleared")));
        Assert.Equal((200, "nothing-to-do"), await Of(caller, "payment.result", Result("cleared")));
        Assert.Equal((409, "contradiction"), await Of(caller, "payment.result", Result("refunded")));

        // What was held is its owner's from now on, in the commit of the result.
        await store.StopAsync();
        using SqliteConnection disk = OutboxFile.Open(Path.Combine(store.StateFolder, "outbox.db"), SqliteOpenMode.ReadOnly);
        Assert.Equal(2, OutboxFile.ReadSold(disk).Count);
        Assert.Empty(OutboxFile.ReadHeld(disk, key));
    }

    [MosquittoFact]
    public async Task What_was_paid_and_given_back_is_for_sale_again()
    {
        await using HeldBag bag = await HeldBag.StartAsync();
        (CommandedStore store, Caller caller, string key) = (bag.Store, bag.Caller, bag.Key);
        string Result(string result, string gtin = "00614141000012", int quantity = 2) => $$"""{"settlementKey":"{{key}}","result":"{{result}}","returned":[{"gtin":"{{gtin}}","quantity":{{quantity}}}]}""";

        Assert.Equal((400, "bad-request"), await Of(caller, "payment.result", Result("paid")));
        Assert.Equal((200, "done"), await Of(caller, "payment.result", $$"""{"settlementKey":"{{key}}","result":"paid"}"""));
        Assert.Equal((400, "bad-request"), await Of(caller, "payment.result", Result("refunded", gtin: "00614141000013")));
        Assert.Equal((400, "bad-request"), await Of(caller, "payment.result", Result("refunded", quantity: 0)));
        Assert.Equal((200, "done"), await Of(caller, "payment.result", Result("refunded")));
        Assert.Equal((200, "nothing-to-do"), await Of(caller, "payment.result", Result("refunded")));

        await store.StopAsync();
        using SqliteConnection disk = OutboxFile.Open(Path.Combine(store.StateFolder, "outbox.db"), SqliteOpenMode.ReadOnly);
        Assert.Empty(OutboxFile.ReadSold(disk));
    }

    private static MosquittoBroker Started()
    {
        var broker = new MosquittoBroker();
        broker.Start();
        return broker;
    }

    private static string Mandate(string store, DateTimeOffset issued) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"mandate":"m-1","store":"{{store}}","currency":"EUR","exitLimit":5000,"dayLimit":20000,"issuedAt":"{{issued.UtcDateTime:O}}","until":"{{issued.UtcDateTime.AddDays(30):O}}"}""");

    private static string Signed(string document, SigningKey key) => Encoding.UTF8.GetString(SignedDocument.Sign(Encoding.UTF8.GetBytes(document), key));

    private static async Task<(int, string)> Of(Caller caller, string command, string body)
    {
        Reply reply = await caller.AskAsync(command, body);
        return (reply.Status, reply.Word);
    }
}
