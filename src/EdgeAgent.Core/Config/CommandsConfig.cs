using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>Which commands this box carries out. Who may send them is the broker's business.</summary>
public sealed record CommandsConfig(
    [Description("Names of the commands that are carried out, for example selftest; others are answered 403. Null allows all, an empty list none.")] IReadOnlyList<string>? Allow = null);
