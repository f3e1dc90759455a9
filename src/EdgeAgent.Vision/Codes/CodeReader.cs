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

    // A bar code of a changed copy counts when this many scan lines agreed. A single line through a blurred copy can pass a check digit by chance (1 in 10).
    private const int LinesOfCopy = 2;

    private static readonly (int Symbol, CodeType Type)[] s_symbols =
    [
        (Zbar.Ean13, CodeType.Ean13), (Zbar.Ean8, CodeType.Ean8), (Zbar.UpcA, CodeType.UpcA), (Zbar.UpcE, CodeType.UpcE), (Zbar.DataBar, CodeType.DataBar),
        (Zbar.DataBarExpanded, CodeType.DataBarExpanded), (Zbar.Code128, CodeType.Code128), (Zbar.QrCode, CodeType.Qr),
    ];

    // zbar's own lines run along and across: bars turned by 45 degrees are read worst, so turned copies begin there.
    private static readonly Look[] s_looks =
    [
        new(2, 0, false), new(0.5f, 0, false), new(1, 0, true), new(1, 45, false), new(1.5f, 0, false), new(1, 22.5f, false), new(1, 67.5f, false),
        new(0.7f, 0, false), new(3, 0, false), new(1, 10, false), new(1, -10, false), new(2, 45, false),
    ];

    private readonly GreyImage _plain = new();
    private readonly GreyImage _copy = new();
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
        int before = codes.Count;
        _plain.Fill(frame, part);
        Scan(_plain, new Look(1, 0, false), 1, frame, part, codes);
        for (int i = 0; changedToo && codes.Count == before && i < s_looks.Length; i++)
        {
            Look look = s_looks[i];
            if ((double)_plain.Width * _plain.Height * look.Scale * look.Scale > MaxCopyPixels)
            {
                continue;
            }
            _copy.FillFrom(_plain, look.Scale, look.Sine, look.Cosine);
            if (look.Inverted)
            {
                _copy.Invert();
            }
            Scan(_copy, look, LinesOfCopy, frame, part, codes);
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

    private void Scan(GreyImage grey, Look look, int leastLines, Frame frame, PixelRect part, List<CodeSeen> codes)
    {
        ObjectDisposedException.ThrowIf(_image == 0, this);
        fixed (byte* pixels = grey.Pixels)
        {
            Zbar.SetSize(_image, (uint)grey.Width, (uint)grey.Height);
            Zbar.SetData(_image, pixels, new CULong((nuint)(grey.Width * grey.Height)), 0);
            if (Zbar.Scan(_scanner, _image) > 0)
            {
                for (nint symbol = Zbar.FirstSymbol(_image); symbol != 0 && codes.Count < MaxCodes; symbol = Zbar.NextSymbol(symbol))
                {
                    Take(symbol, grey, look, leastLines, frame, part, codes);
                }
            }
            Zbar.SetData(_image, null, default, 0);
        }
    }

    private void Take(nint symbol, GreyImage grey, Look look, int leastLines, Frame frame, PixelRect part, List<CodeSeen> codes)
    {
        int number = Zbar.TypeOf(symbol);
        CodeType? type = null;
        foreach ((int known, CodeType name) in s_symbols)
        {
            type = known == number ? name : type;
        }
        if (type is not CodeType kind || (kind != CodeType.Qr && Zbar.QualityOf(symbol) < leastLines))
        {
            return;
        }
        string text = Encoding.UTF8.GetString(Zbar.DataOf(symbol), (int)Zbar.LengthOf(symbol));
        foreach (CodeSeen known in codes)
        {
            if (known.Text == text && known.Type == kind)
            {
                return;
            }
        }
        float x = 0, y = 0;
        uint points = Zbar.PointsOf(symbol);
        for (uint i = 0; i < points; i++)
        {
            x += (float)Zbar.PointX(symbol, i) / points;
            y += (float)Zbar.PointY(symbol, i) / points;
        }
        (x, y) = grey.ToSource(_plain, x, y, look.Scale, look.Sine, look.Cosine);
        codes.Add(new CodeSeen(text, kind, new Point((part.X + x) / frame.Width, (part.Y + y) / frame.Height)));
    }

    /// <summary>One way to look at a picture.</summary>
    private readonly record struct Look(float Scale, float Degrees, bool Inverted)
    {
        public float Sine { get; } = MathF.Sin(Degrees * MathF.PI / 180);
        public float Cosine { get; } = MathF.Cos(Degrees * MathF.PI / 180);
    }
}
