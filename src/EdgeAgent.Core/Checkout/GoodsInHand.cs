namespace EdgeAgent.Core.Checkout;

/// <summary>
/// What cameras saw taken from shelves or laid on trays and not put back, by product. It says nothing of who took it: it only speaks for a cart whose
/// goods no reader saw. The newest <see cref="Most"/> pieces, each for <see cref="s_memory"/>.
/// </summary>
internal sealed class GoodsInHand
{
    public const int Most = 10_000;

    private static readonly TimeSpan s_memory = TimeSpan.FromHours(2);

    private readonly Dictionary<string, LinkedList<DateTimeOffset>> _pieces = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _inOrder = new();

    public void Taken(string gtin, DateTimeOffset at)
    {
        if (_inOrder.Count >= Most)
        {
            Forget(_inOrder.First!.Value);
        }
        if (!_pieces.TryGetValue(gtin, out LinkedList<DateTimeOffset>? pieces))
        {
            _pieces.Add(gtin, pieces = new LinkedList<DateTimeOffset>());
        }
        pieces.AddLast(at);
        _inOrder.AddLast(gtin);
    }

    /// <summary>One piece was put back, or has left.</summary>
    public void Gone(string gtin, int pieces = 1)
    {
        for (int i = 0; i < pieces && _pieces.ContainsKey(gtin); i++)
        {
            Forget(gtin);
        }
    }

    public int Count(string gtin, DateTimeOffset now)
    {
        while (_pieces.TryGetValue(gtin, out LinkedList<DateTimeOffset>? old) && now - old.First!.Value > s_memory)
        {
            Forget(gtin);
        }
        return _pieces.TryGetValue(gtin, out LinkedList<DateTimeOffset>? pieces) ? pieces.Count : 0;
    }

    private void Forget(string gtin)
    {
        LinkedList<DateTimeOffset> pieces = _pieces[gtin];
        pieces.RemoveFirst();
        _inOrder.Remove(gtin);
        if (pieces.Count == 0)
        {
            _pieces.Remove(gtin);
        }
    }
}
