namespace EdgeAgent.Egress;

internal sealed partial class Outbox
{
    /// <summary>Carts and mandates that were taken before this start.</summary>
    public IReadOnlyList<CheckoutRow> ReadCheckout()
    {
        lock (_readTurn)
        {
            return OutboxFile.ReadCheckout(_readers.Connection);
        }
    }

    /// <summary>Completes when it stands on disk. A cart that a settlement has used up already stays so.</summary>
    public Task KeepCheckoutAsync(CheckoutRow row, CancellationToken ct) => QueueAsync(new CheckoutWork(row), ct);

    /// <summary>A decision has used it up; known of the latest 2,000 carts.</summary>
    public bool IsCartUsed(string reference)
    {
        lock (_readTurn)
        {
            return OutboxFile.IsCartUsed(_readers.Connection, reference);
        }
    }

    /// <summary>A cart was given up: it may be claimed again. One that has left stays used.</summary>
    public Task ForgetCartAsync(string reference, CancellationToken ct) => QueueAsync(new CartForgetWork(reference), ct);

    /// <summary>A cart has left, or a mandate was revoked.</summary>
    public Task EndCheckoutAsync(CheckoutKind kind, string reference, CancellationToken ct) => QueueAsync(new CheckoutEndWork(kind, reference), ct);

    private sealed record CheckoutWork(CheckoutRow Row) : OutboxWork.Beside
    {
        public override long Bytes => 256L + Row.Body.Length;

        public override void Write(OutboxFile file, Microsoft.Data.Sqlite.SqliteTransaction transaction) => file.KeepCheckout(transaction, Row);
    }

    private sealed record CartForgetWork(string Reference) : OutboxWork.Beside
    {
        public override void Write(OutboxFile file, Microsoft.Data.Sqlite.SqliteTransaction transaction) => file.ForgetCart(transaction, Reference);
    }

    private sealed record CheckoutEndWork(CheckoutKind Kind, string Reference) : OutboxWork.Beside
    {
        public override void Write(OutboxFile file, Microsoft.Data.Sqlite.SqliteTransaction transaction) => file.EndCheckout(transaction, Kind, Reference);
    }
}
