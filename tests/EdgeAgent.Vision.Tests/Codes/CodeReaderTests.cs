using System.Text;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Vision.Codes;
using EdgeAgent.Vision.Imaging;
using Xunit.Abstractions;

namespace EdgeAgent.Vision.Tests.Codes;

public class CodeReaderTests(ITestOutputHelper output)
{
    [SharedZbarFact]
    public void Every_bar_code_picture_that_plain_zbar_reads_is_read_and_none_wrongly() => Compare("ean13-1", leastRead: 31);

    [SharedZbarFact]
    public void Every_qr_code_picture_is_read_and_none_wrongly() => Compare("qrcode-1", leastRead: 20);

    [SharedZbarFact]
    public void A_data_matrix_code_is_not_decoded_and_never_taken_for_something_else() => Compare("datamatrix-1", leastRead: 0);

    [ZbarFact]
    public void A_turned_an_inverted_and_a_small_bar_code_are_read()
    {
        (byte[] bgr, int width, int height) = DrawnCode.Ean13("4006381333931", module: 3, height: 120);
        using CodeReader reader = CodeReader.Open();
        using Frame upright = new FramePool().Rent(width, height);
        bgr.CopyTo(upright.Pixels);
        var grey = new GreyImage();
        grey.Fill(upright, new PixelRect(0, 0, width, height));
        foreach ((float scale, float degrees, bool inverted) in new[] { (1f, 45f, false), (1f, 0f, true), (0.45f, 0f, false), (1f, 90f, false), (1f, 30f, false) })
        {
            var turned = new GreyImage();
            turned.FillFrom(grey, scale, MathF.Sin(degrees * MathF.PI / 180), MathF.Cos(degrees * MathF.PI / 180));
            if (inverted)
            {
                turned.Invert();
            }
            using Frame frame = new FramePool().Rent(turned.Width, turned.Height);
            for (int i = 0; i < turned.Pixels.Length; i++)
            {
                frame.Pixels.Slice(i * 3, 3).Fill(turned.Pixels[i]);
            }
            var codes = new List<CodeSeen>();
            reader.Read(frame, new PixelRect(0, 0, frame.Width, frame.Height), codes);
            Assert.True(codes.Count == 1, $"{codes.Count} codes at {scale} times the size, turned by {degrees}, inverted {inverted}.");
            CodeSeen code = codes[0];
            Assert.Equal(("4006381333931", CodeType.Ean13), (code.Text, code.Type));
            Assert.InRange(code.At.X, 0.3f, 0.7f);
            Assert.InRange(code.At.Y, 0.3f, 0.7f);
        }
    }

    [Theory]
    [InlineData("4006381333931", CodeType.Ean13, "04006381333931", null)]
    [InlineData("96385074", CodeType.Ean8, "00000096385074", null)]
    [InlineData("036000291452", CodeType.UpcA, "00036000291452", null)]
    [InlineData("04252614", CodeType.UpcE, "00042100005264", null)]
    [InlineData("0104006381333931", CodeType.DataBar, "04006381333931", null)]
    [InlineData("010400638133393117271231\u001D10AB12\u001D21S-7", CodeType.Code128, "04006381333931", "S-7")]
    [InlineData("0104006381333931310300125021S-7", CodeType.Code128, "04006381333931", "S-7")] // a weight before the serial
    [InlineData("01040063813339310812321S-7", CodeType.Code128, "04006381333931", null)] // 08 is no application identifier
    [InlineData("https://id.gs1.org/01/04006381333931/21/XY9", CodeType.Qr, "04006381333931", "XY9")]
    public void A_code_names_its_trade_item(string text, CodeType type, string gtin, string? serial)
    {
        Assert.True(CodeItem.TryFind(new CodeSeen(text, type, default), out ItemCode item));
        Assert.Equal((gtin, serial), (item.Gtin, item.Serial));
    }

    [Theory]
    [InlineData("4006381333932", CodeType.Ean13)]
    [InlineData("https://example.com/", CodeType.Qr)]
    [InlineData("hello", CodeType.Code128)]
    [InlineData("0104006381333932", CodeType.DataBar)]
    public void A_code_of_something_else_names_none(string text, CodeType type) =>
        Assert.False(CodeItem.TryFind(new CodeSeen(text, type, default), out _));

    private void Compare(string folder, int leastRead)
    {
        using CodeReader reader = CodeReader.Open();
        var pool = new FramePool();
        int plainRead = 0, read = 0, pictures = 0;
        foreach (string picture in Directory.GetFiles(Shared.Fixture("barcodes/" + folder), "*.png"))
        {
            pictures++;
            string truth = File.ReadAllText(Path.ChangeExtension(picture, ".txt"), Encoding.UTF8).Trim();
            using Frame frame = PictureFile.Read(picture, pool);
            var all = new PixelRect(0, 0, frame.Width, frame.Height);
            bool plain = PlainZbar.Read(frame).Contains(truth);
            var codes = new List<CodeSeen>();
            reader.Read(frame, all, codes);
            Assert.All(codes, code => Assert.Equal(truth, code.Text.Trim()));
            Assert.True(codes.Count == 1 || !plain, $"{picture} is read by zbar alone and not by us.");
            plainRead += plain ? 1 : 0;
            read += codes.Count;
        }
        output.WriteLine($"{folder}: {read} of {pictures} read, {plainRead} by zbar alone, with zbar {reader.Version}.");
        Assert.True(read >= leastRead, $"{read} of {pictures} pictures in {folder} were read.");
    }
}
