namespace EdgeAgent.Core.Checkout;

// A decision while it may be corrected, and an item while it is in one.
internal sealed partial class Corrections
{
    /// <param name="visit">Null after a restart: nothing is added to such a decision any more.</param>
    /// <param name="charge">Null after a restart.</param>
    private sealed class Open(OpenDecision decision, VisitId? visit, Charge? charge)
    {
        public DateTimeOffset DecidedAt { get; } = decision.At;
        public VisitId? Visit => visit;
        public Cart? Cart => charge?.Cart;

        /// <summary>By which it was priced.</summary>
        public PriceBook? Prices => charge?.Prices;

        /// <summary>All that was ever read of it: a cart's piece that was read is not unseen again when it comes back.</summary>
        public List<BagItem> Seen { get; } = [.. decision.Items];

        /// <summary>Goods that are in the shop again after it was paid, as far as that is told.</summary>
        public List<BagItem> BroughtBack { get; } = [];
        public OpenDecision Decision { get; set; } = decision;

        /// <summary>Nothing is corrected any more; its place in the order goes later.</summary>
        public bool Over { get; private set; }

        public void End() => (Over, charge) = (true, null);
    }

    /// <summary>One item of open decisions, and what was heard of it inside since. In several only when it was billed before and is held now.</summary>
    private sealed class Placed
    {
        private DateTimeOffset _since;
        private DateTimeOffset _last;
        private int _reads;

        public List<Open> In { get; } = [];

        public bool IsBilled => In.Exists(static open => open.Decision.Settled);

        /// <summary>When its buyer came in with it; null when they did not, or have left again.</summary>
        public DateTimeOffset? CameIn { get; set; }

        public bool IsInside => CameIn is null && _reads >= InsideReads && _last - _since >= s_inside;

        public void Heard(DateTimeOffset at, bool inside)
        {
            if (!inside || at - In[^1].DecidedAt < s_afterglow)
            {
                // Heard at the gate or beyond: what was heard inside may come through it.
                _reads = 0;
                return;
            }
            if (_reads == 0 || at - _last > s_apart)
            {
                (_since, _reads) = (at, 0);
            }
            _last = at > _last ? at : _last;
            _reads++;
        }
    }
}
