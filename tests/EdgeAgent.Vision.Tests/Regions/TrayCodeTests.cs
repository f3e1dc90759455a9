using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision.Codes;
using EdgeAgent.Vision.Tests.Codes;

namespace EdgeAgent.Vision.Tests.Regions;

public class TrayCodeTests
{
    [ZbarFact]
    public void A_bar_code_put_on_a_tray_is_said_once_and_again_when_a_second_one_comes()
    {
        TrayItem first = Coded(70, 60), second = Coded(72, 125);
        using var run = new TrayRun(codes: CodeReader.Open());
        run.Play(new TrayScene().Put(4, first).Put(9, second).Hand(14, 250, 170), 18);

        Assert.Equal(["04006381333931", "04006381333931"], run.Seen.OfType<ShopInput.CodeScanned>().Select(c => c.Gtin));
        Assert.Equal("Put Put", run.Story);
    }

    [ZbarFact]
    public void A_bar_code_on_a_shelf_is_not_read()
    {
        using var run = new TrayRun(codes: CodeReader.Open(), kind: RegionKind.Shelf);
        run.Play(new TrayScene().Put(4, Coded(70, 60)), 9);

        Assert.Empty(run.Seen.OfType<ShopInput.CodeScanned>());
        Assert.Equal("Put", run.Story);
    }

    private static TrayItem Coded(int left, int top)
    {
        (byte[] bgr, int width, int height) = DrawnCode.Ean13("4006381333931", module: 1, height: 48);
        return new TrayItem(left, top, width, height, default, default) { Picture = bgr };
    }
}
