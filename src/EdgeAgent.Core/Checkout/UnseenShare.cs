namespace EdgeAgent.Core.Checkout;

/// <summary>Of those who leave a gate with goods, how many no camera sees: learned from its passages, so that a blind corner makes a shop careful.</summary>
internal struct UnseenShare()
{
    // Before anything was seen: two in fifty, worth fifty passages.
    private const double PriorUnseen = 2;
    private const double PriorPassages = 50;

    // No camera is believed further than this.
    private const double Least = 0.005;

    // After so many passages the older half counts half.
    private const int Memory = 400;

    private double _unseen = PriorUnseen;
    private double _passages = PriorPassages;

    /// <summary>0.005 to 1; 0.04 when nothing is known.</summary>
    public readonly double Share => Math.Max(Least, _unseen / _passages);

    /// <param name="chance">How likely it was somebody unseen who made a passage, 0..1.</param>
    public void Learn(double chance)
    {
        _unseen += chance;
        if (++_passages >= Memory)
        {
            (_unseen, _passages) = (_unseen / 2, _passages / 2);
        }
    }
}
