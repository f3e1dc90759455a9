namespace EdgeAgent.Egress;

/// <summary>A command that was begun, and what came of it.</summary>
/// <param name="Key">The client and the name of its request: another client may use the same name.</param>
/// <param name="Name">The command's own name.</param>
/// <param name="Digest">Of what was asked: a name used again for something else is found out by it.</param>
/// <param name="Correlation">What the answer carries back on MQTT 5.</param>
/// <param name="ExpiresAt">By the box's clock; only asked when the command is carried out anew after a restart.</param>
/// <param name="UntilSeconds">Forgotten from then on, in the outbox's running time: a clock that jumps forgets nothing.</param>
/// <param name="Runs">How often it was begun.</param>
/// <param name="Body">As it came, until it is answered.</param>
/// <param name="Answer">The answer's payload; null while there is none.</param>
internal sealed record CommandRow(
    string Key, string Name, byte[] Digest, byte[]? Correlation, DateTimeOffset ExpiresAt, long UntilSeconds, int Runs, byte[]? Body, byte[]? Answer);
