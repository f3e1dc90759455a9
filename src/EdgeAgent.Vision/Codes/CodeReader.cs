using System.Runtime.InteropServices;
using System.Text;
using EdgeAgent.Core;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Codes;

/// <summary>
/// Reads bar codes and QR codes with Debian's libzbar0: EAN-13, EAN-8, UPC-A, UPC-E, DataBar, Code 128 and QR. One thread at a time.
/// First the picture as it is; a picture in which nothing was read is then looked at larger, smaller, turned and inverted.
/// </summary>
public sealed unsafe class CodeReader : IDisposable
{
    // Codes of one picture; more are not looked at.
    private const int MaxCodes = 32;

    // The largest copy that is made, in pixels: a code in a picture of 12 megapixels is large enough already.
    private const int MaxCopyPixels = 6_000_000;

    // A bar code that only changed copies show counts when this many of them agree: a blurred copy passes a check digit by chance (1 in 10), with many lines.
    private const int CopiesThatAgree = 2;

    // Of the picture's width and height.
    private const float Near = 0.35f;

    private static readonly (int Symbol, CodeType Type)[] s_symbols =
    [
        (Zbar.Ean13, CodeType.Ean13), (Zbar.Ean8, CodeType.Ean8), (Zbar.UpcA, CodeType.UpcA), (Zbar.UpcE, CodeType.UpcE), (Zbar.DataBar, CodeType.DataBar),
        (Zbar.DataBarExpanded, CodeType.DataBarExpanded), (Zbar.Code128, CodeType.Code128), (Zbar.QrCode, CodeType.Qr),
    ];

    // zbar's own lines run along and across: bars turned by 45 degrees are read worst, so turned copies begin there.
    private static readonly Look[] s_looks =
    [
        new(2, 0, false), new(0.7f, 0, false), new(1, 0, true), new(1, 45, false), new(1.5f, 0, false), new(0.5f, 0, false), new(1, 22.5f, false), new(1, 67.5f, false),
        new(3, 0, false), new(1.2f, 0, false), new(1, 10, false), new(1, -10, false), new(2, 45, false), new(1.5f, 0, true), new(1.5f, 45, false),
    ];

    private readonly GreyImage _plain = new();
    private readonly GreyImage _copy = new();
    private readonly List<Vote> _votes = [];
    private nint _scanner;
    private nint _image;

    private CodeReader(string version)
    {
        Version = version;
        _scanner = Zbar.CreateScanner();
        _image = Zbar.CreateImage();
        Zbar.SetFormat(_image, new CULong(Zbar.FormatY800));
        _ = Zbar.SetConfig(_scanner, Zbar.AllSymbols, Zbar.Enable, 0);
        foreach ((int symbol, _) in s_symbols)
        {
            _ = Zbar.SetConfig(_scanner, symbol, Zbar.Enable, 1);
        }
    }

    /// <summary>Of the library, for example 0.23.92.</summary>
    public string Version { get; }

    /// <exception cref="CodeReaderException">libzbar0 is not installed.</exception>
    public static CodeReader Open()
    {
        try
        {
            uint major, minor, patch;
            _ = Zbar.Version(&major, &minor, &patch);
            return new CodeReader($"{major}.{minor}.{patch}");
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new CodeReaderException("The library libzbar.so.0, which reads bar codes, cannot be loaded; install it (on Debian: apt-get install libzbar0).");
        }
    }

    /// <summary>The codes of a stored picture, each once, in the order in which they were found.</summary>
    /// <exception cref="PictureException">The file cannot be read.</exception>
    public IReadOnlyList<CodeSeen> ReadFile(string picture)
    {
        using Frame frame = PictureFile.Read(picture, new FramePool());
        var codes = new List<CodeSeen>();
        Read(frame, new PixelRect(0, 0, frame.Width, frame.Height), codes);
        return codes;
    }

    /// <summary>Adds the codes in a part of the frame, each text once; nothing when there is none. Does not dispose <paramref name="frame"/>.</summary>
    /// <param name="changedToo">Also look at changed copies when the plain picture shows nothing: some ten times the time.</param>
    internal void Read(Frame frame, PixelRect part, List<CodeSeen> codes, bool changedToo = true)
    {
        _votes.Clear();
        _plain.Fill(frame, part);
        Scan(_plain, new Look(1, 0, false));
        bool seenPlain = _votes.Count > 0;
        bool disputed = IsDisputed();
        for (int i = 0; i < s_looks.Length && (disputed || (changedToo && !seenPlain && !IsAgreed())); i++)
        {
            Look look = s_looks[i];
            if ((double)_plain.Width * _plain.Height * look.Scale * look.Scale <= MaxCopyPixels)
            {
                _copy.FillFrom(_plain, look.Scale, look.Sine, look.Cosine);
                if (look.Inverted)
                {
                    _copy.Invert();
                }
                Scan(_copy, look);
            }
        }
        // Most copies first; a code that overlaps a better one is the same bars misread.
        _votes.Sort(static (a, b) => a.Looks != b.Looks ? b.Looks.CompareTo(a.Looks) : b.Lines.CompareTo(a.Lines));
        for (int i = 0; i < _votes.Count; i++)
        {
            Vote vote = _votes[i];
            bool counts = vote.Type == CodeType.Qr || vote.SeenPlain || (!seenPlain && vote.Looks >= CopiesThatAgree);
            for (int better = 0; better < i && counts; better++)
            {
                counts = !vote.Disputes(_votes[better], _plain) || !vote.IsWeakerThan(_votes[better]);
            }
            if (counts)
            {
                codes.Add(new CodeSeen(vote.Text, vote.Type, new Point((part.X + vote.X) / frame.Width, (part.Y + vote.Y) / frame.Height)));
            }
        }
    }

    public void Dispose()
    {
        if (_image != 0)
        {
            Zbar.DestroyImage(_image);
            Zbar.DestroyScanner(_scanner);
            (_image, _scanner) = (0, 0);
        }
    }

    /// <summary>Two different bar codes in one place.</summary>
    private bool IsDisputed()
    {
        for (int i = 0; i < _votes.Count; i++)
        {
            for (int k = 0; k < i; k++)
            {
                if (_votes[i].Disputes(_votes[k], _plain))
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>Something was read beyond doubt, so that further copies need not be looked at.</summary>
    private bool IsAgreed()
    {
        foreach (Vote vote in _votes)
        {
            if (vote.Type == CodeType.Qr || vote.Looks > CopiesThatAgree)
            {
                return true;
            }
        }
        return false;
    }

    private void Scan(GreyImage grey, Look look)
    {
        ObjectDisposedException.ThrowIf(_image == 0, this);
        fixed (byte* pixels = grey.Pixels)
        {
            Zbar.SetSize(_image, (uint)grey.Width, (uint)grey.Height);
            Zbar.SetData(_image, pixels, new CULong((nuint)(grey.Width * grey.Height)), 0);
            if (Zbar.Scan(_scanner, _image) > 0)
            {
                for (nint symbol = Zbar.FirstSymbol(_image); symbol != 0; symbol = Zbar.NextSymbol(symbol))
                {
                    Take(symbol, grey, look);
                }
            }
            Zbar.SetData(_image, null, default, 0);
        }
    }

    private void Take(nint symbol, GreyImage grey, Look look)
    {
        int number = Zbar.TypeOf(symbol);
        CodeType? type = null;
        foreach ((int known, CodeType name) in s_symbols)
        {
            type = known == number ? name : type;
        }
        if (type is not CodeType kind)
        {
            return;
        }
        string text = Encoding.UTF8.GetString(Zbar.DataOf(symbol), (int)Zbar.LengthOf(symbol));
        foreach (Vote known in _votes)
        {
            if (known.Text == text && known.Type == kind)
            {
                known.Looks++;
                known.Lines += Zbar.QualityOf(symbol);
                return;
            }
        }
        if (_votes.Count == MaxCodes)
        {
            return;
        }
        var vote = new Vote { Text = text, Type = kind, Looks = 1, Lines = Zbar.QualityOf(symbol), SeenPlain = ReferenceEquals(grey, _plain) };
        for (uint i = 0; i < Zbar.PointsOf(symbol); i++)
        {
            (float x, float y) = grey.ToSource(_plain, Zbar.PointX(symbol, i), Zbar.PointY(symbol, i), look.Scale, look.Sine, look.Cosine);
            vote.Cover(x, y);
        }
        _votes.Add(vote);
    }

    /// <summary>One code as the copies of a picture show it; places in pixels of the plain picture.</summary>
    private sealed class Vote
    {
        private float _left = float.MaxValue, _top = float.MaxValue, _right = float.MinValue, _bottom = float.MinValue;

        public required string Text { get; init; }
        public required CodeType Type { get; init; }
        public required bool SeenPlain { get; init; }
        public int Looks { get; set; }
        public int Lines { get; set; }
        public float X => (_left + _right) / 2;
        public float Y => (_top + _bottom) / 2;

        public void Cover(float x, float y)
        {
            (_left, _top) = (MathF.Min(_left, x), MathF.Min(_top, y));
            (_right, _bottom) = (MathF.Max(_right, x), MathF.Max(_bottom, y));
        }

        /// <summary>
        /// Both are bar codes and may be the same bars: they lie in one place, or near each other and share one half of their digits, for zbar
        /// misreads one half (its scan lines have places, a code as a whole has none).
        /// </summary>
        public bool Disputes(Vote other, GreyImage picture)
        {
            if (Type == CodeType.Qr || other.Type == CodeType.Qr)
            {
                return false;
            }
            bool overlaps = _left <= other._right && other._left <= _right && _top <= other._bottom && other._top <= _bottom;
            bool isNear = MathF.Abs(X - other.X) < picture.Width * Near && MathF.Abs(Y - other.Y) < picture.Height * Near;
            int half = Text.Length / 2;
            bool sharesHalf = Text.Length == other.Text.Length
                && (Text.AsSpan(0, half).SequenceEqual(other.Text.AsSpan(0, half)) || Text.AsSpan(half + 1).SequenceEqual(other.Text.AsSpan(half + 1)));
            return overlaps || (isNear && sharesHalf);
        }

        /// <summary>Seen in fewer copies, or by far fewer lines: two products of one maker side by side are not.</summary>
        public bool IsWeakerThan(Vote other) => Looks < other.Looks || Lines * 4 < other.Lines;
    }

    /// <summary>One way to look at a picture.</summary>
    private readonly record struct Look(float Scale, float Degrees, bool Inverted)
    {
        public float Sine { get; } = MathF.Sin(Degrees * MathF.PI / 180);
        public float Cosine { get; } = MathF.Cos(Degrees * MathF.PI / 180);
    }
}
