using System.Runtime.InteropServices;
using System.Text;
using EdgeAgent.Vision.Codes;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Tests.Codes;

/// <summary>zbar as it comes: every symbol that is on by default, the picture at its own size, no further look. What we are compared with.</summary>
internal static unsafe class PlainZbar
{
    public static List<string> Read(Frame frame)
    {
        var grey = new GreyImage();
        grey.Fill(frame, new PixelRect(0, 0, frame.Width, frame.Height));
        nint scanner = Zbar.CreateScanner(), image = Zbar.CreateImage();
        var texts = new List<string>();
        fixed (byte* pixels = grey.Pixels)
        {
            Zbar.SetFormat(image, new CULong(Zbar.FormatY800));
            Zbar.SetSize(image, (uint)grey.Width, (uint)grey.Height);
            Zbar.SetData(image, pixels, new CULong((nuint)(grey.Width * grey.Height)), 0);
            _ = Zbar.Scan(scanner, image);
            for (nint symbol = Zbar.FirstSymbol(image); symbol != 0; symbol = Zbar.NextSymbol(symbol))
            {
                texts.Add(Encoding.UTF8.GetString(Zbar.DataOf(symbol), (int)Zbar.LengthOf(symbol)).Trim());
            }
        }
        Zbar.DestroyImage(image);
        Zbar.DestroyScanner(scanner);
        return texts;
    }
}
