using EdgeAgent.Core.Privacy;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// Carts and mandates that the shop took, beside the settlements that use them up and charge them: what one says of the other is one transaction.
internal sealed partial class OutboxFile
{
    // Used carts are remembered a while, so that a claim written after its settlement does not open it again.
    private const int MostCarts = 2_000;

    private SqliteCommand _keepCheckout = null!;
    private SqliteCommand _endCheckout = null!;
    private SqliteCommand _forgetCart = null!;
    private SqliteCommand _charge = null!;
    private SqliteCommand _giveBack = null!;
    private SqliteCommand _forgetCarts = null!;
    private SqliteCommand _forgetMandates = null!;

    public void KeepCheckout(SqliteTransaction transaction, CheckoutRow row)
    {
        Run(_keepCheckout, transaction, (int)row.Kind, row.Reference, row.Body, row.At.ToUnixTimeMilliseconds(), row.Until.ToUnixTimeMilliseconds());
        Run(_forgetCarts, transaction);
        Run(_forgetMandates, transaction, row.At.ToUnixTimeMilliseconds());
    }

    public void EndCheckout(SqliteTransaction transaction, CheckoutKind kind, string reference) => Run(_endCheckout, transaction, (int)kind, reference);

    public void ForgetCart(SqliteTransaction transaction, string reference) => Run(_forgetCart, transaction, reference);

    public static bool IsCartUsed(SqliteConnection connection, string reference)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT EXISTS(SELECT 1 FROM checkout WHERE kind=0 AND reference=$reference AND done=1)";
        read.Parameters.AddWithValue("$reference", reference);
        return (long)read.ExecuteScalar()! == 1;
    }

    /// <summary>A settlement uses up its cart and charges its mandate, whichever of them was written first; a correction may charge more or less.</summary>
    public void KeepCharged(SqliteTransaction transaction, EgressEvent decided)
    {
        if (decided.Cart is string cart)
        {
            EndCheckout(transaction, CheckoutKind.Cart, cart);
        }
        if (decided.Charged is MandateCharge charged)
        {
            Run(charged.Back ? _giveBack : _charge, transaction, charged.Mandate, CheckoutRow.DayOf(charged.On), charged.Amount);
        }
    }

    /// <summary>In the order in which they were taken.</summary>
    public static IReadOnlyList<CheckoutRow> ReadCheckout(SqliteConnection connection)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT kind, reference, body, at_ms, until_ms, done, day, spent FROM checkout WHERE body IS NOT NULL ORDER BY at_ms, id";
        using var rows = read.ExecuteReader();
        var kept = new List<CheckoutRow>();
        while (rows.Read())
        {
            kept.Add(new CheckoutRow(
                (CheckoutKind)rows.GetInt32(0), rows.GetString(1), rows.GetFieldValue<byte[]>(2), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(3)),
                DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(4)), rows.GetInt64(5) != 0, rows.GetInt64(6), rows.GetInt64(7)));
        }
        return kept;
    }

    private void PrepareCheckout()
    {
        Execute(
            """
            CREATE TABLE IF NOT EXISTS checkout(
              id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, reference TEXT NOT NULL, body BLOB, at_ms INTEGER NOT NULL DEFAULT 0, until_ms INTEGER NOT NULL DEFAULT 0,
              done INTEGER NOT NULL DEFAULT 0, day INTEGER NOT NULL DEFAULT 0, spent INTEGER NOT NULL DEFAULT 0, UNIQUE(kind, reference))
            """);
        _keepCheckout = Command(
            """
            INSERT INTO checkout(kind, reference, body, at_ms, until_ms) VALUES ($kind,$reference,$body,$at,$until)
            ON CONFLICT(kind, reference) DO UPDATE SET body=excluded.body, at_ms=excluded.at_ms, until_ms=excluded.until_ms, done=CASE kind WHEN 0 THEN done ELSE 0 END
            """,
            "$kind", "$reference", "$body", "$at", "$until");
        _endCheckout = Command(
            "INSERT INTO checkout(kind, reference, done) VALUES ($kind,$reference,1) ON CONFLICT(kind, reference) DO UPDATE SET done=1", "$kind", "$reference");
        _charge = Command(
            """
            INSERT INTO checkout(kind, reference, day, spent) VALUES (1,$reference,$day,$amount)
            ON CONFLICT(kind, reference) DO UPDATE SET spent=CASE day WHEN excluded.day THEN spent + excluded.spent ELSE excluded.spent END, day=excluded.day
            """,
            "$reference", "$day", "$amount");
        _giveBack = Command("UPDATE checkout SET spent=max(0, spent - $amount) WHERE kind=1 AND reference=$reference AND day=$day", "$reference", "$day", "$amount");
        _forgetCart = Command("DELETE FROM checkout WHERE kind=0 AND reference=$reference AND done=0", "$reference");
        _forgetCarts = Command($"DELETE FROM checkout WHERE kind=0 AND id <= (SELECT max(id) FROM checkout) - {MostCarts}");
        _forgetMandates = Command("DELETE FROM checkout WHERE kind=1 AND until_ms < $now AND body IS NOT NULL", "$now");
    }
}
