using System.Globalization;
using EdgeAgent.Core.Gs1;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Rfid.Tests;

/// <summary>Random identities that a scheme can carry, the same for the same seed.</summary>
internal sealed class SomeIdentities(int seed)
{
    private const string Set82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

    private static readonly string[] s_alphabets = [Set82, "0123456789", "0123456789ABCDEF", "0123456789abcdef", "ABCxyz09-_", "ABCXYZ.:-019"];
    private static readonly string[] s_hosts =
        ["example.com", "id.example.com", "www.shop.co.uk", "EXAMPLE.COM", "192.0.2.1", "qr.tech", "a", "dev.example.org:8443", "shop.de", "x.y-z.company"];

    private readonly Random _dice = new(seed);

    public int Below(int limit) => _dice.Next(limit);

    public string Host() => s_hosts[Below(s_hosts.Length)];

    public PureIdentity For(EpcScheme scheme)
    {
        string name = scheme.Name;
        string company = Digits(6 + Below(7));
        int left = company.Length;
        string[] parts = scheme.Identity switch
        {
            "sgtin" => [company, Digits(13 - left), name == "SGTIN-96" ? Number(38) : Text(20)],
            "sscc" or "gsrn" or "gsrnp" => [company, Digits(17 - left)],
            "sgln" => [company, Digits(12 - left), name == "SGLN-96" ? Number(41) : Text(20)],
            "grai" => [company, Digits(12 - left), name == "GRAI-96" ? Number(38) : Text(16)],
            "giai" => [company, name == "GIAI-96" ? Number(42) : Text(30 - left)],
            "gdti" => [company, Digits(12 - left), name == "GDTI-96" ? Number(41) : name == "GDTI-113" ? Digits(1 + Below(17)) : Text(17)],
            "cpi" => [company, name == "CPI-96" ? Below(1000).ToString(CultureInfo.InvariantCulture) : Some("#-/0123456789ABCXYZ", 1 + Below(30 - left)), Number(name == "CPI-96" ? 31 : 39)],
            "sgcn" => [company, Digits(12 - left), Digits(1 + Below(12))],
            "itip" => [company, Digits(13 - left), Digits(2), Digits(2), name == "ITIP-110" ? Number(38) : Text(20)],
            "gid" => [Number(28), Number(24), Number(36)],
            "usdod" => [Cage(), Number(36)],
            _ => [Cage(), Some("-/019AIOZ", Below(33)), (Below(2) == 0 ? "#" : "") + Some("-/019AIOZ", 1 + Below(29))],
        };
        Assert.True(PureIdentity.TryCreate(scheme.Identity, parts, out PureIdentity identity, out string error), error);
        return identity;
    }

    public IReadOnlyList<Gs1Element> ElementsFor(EpcScheme scheme)
    {
        List<Gs1Element> elements = scheme.Identity switch
        {
            "sgtin" => [new("01", Key(14)), new("21", Text(20))],
            "sscc" => [new("00", Key(18))],
            "sgln" => Below(4) == 0 ? [new("414", Key(13))] : [new("414", Key(13)), new("254", "e" + Text(19))],
            "grai" => [new("8003", "0" + Key(13) + Text(16))],
            "giai" => [new("8004", Digits(4 + Below(9)) + Text(18))],
            "gsrn" => [new("8018", Key(18))],
            "gsrnp" => [new("8017", Key(18))],
            "gdti" => [new("253", Key(13) + Text(17))],
            "cpi" => [new("8010", Digits(4 + Below(9)) + Some("#-/0123456789ABCXYZ", 1 + Below(18))), new("8011", Digits(1 + Below(12)))],
            "sgcn" => [new("255", Key(13) + Digits(1 + Below(12)))],
            _ => [new("8006", Key(14) + Digits(4)), new("21", Text(20))],
        };
        if (scheme.HasDate)
        {
            string[] kinds = ["11", "13", "15", "16", "17", "7006", "7007"];
            elements.Add(new(kinds[Below(7)], $"{Below(100):00}{1 + Below(12):00}{Below(29):00}"));
        }
        return elements;
    }

    private string Cage() => Some("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", 5 + Below(2));

    private string Key(int digits)
    {
        string body = Digits(digits - 1);
        return body + Gs1Text.CheckDigit(body);
    }

    private string Text(int max) => Some(s_alphabets[Below(s_alphabets.Length)], 1 + Below(max));

    private string Number(int bits) => _dice.NextInt64(Below(3) == 0 ? 10 : 1L << bits).ToString(CultureInfo.InvariantCulture);

    private string Digits(int count) => Some("0123456789", count);

    private string Some(string alphabet, int count) => string.Create(count, (_dice, alphabet), static (text, state) =>
    {
        foreach (ref char c in text)
        {
            c = state.alphabet[state._dice.Next(state.alphabet.Length)];
        }
    });
}
