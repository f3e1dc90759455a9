using EdgeAgent.Core.Config;
using EdgeAgent.Core.Members;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Members;

public class MemberTests
{
    private static readonly MemberRef s_member = new("m-4711");

    [Fact]
    public void A_gesture_in_an_opt_in_zone_arms_it_and_stays_in_the_box()
    {
        Shop shop = OpenWithDesk();
        shop.Tell(new ShopInput.ConsentGiven(Shop.At(1), "desk", 8));

        ShopEvent.FacesArmed armed = Assert.Single(shop.All<ShopEvent.FacesArmed>());
        Assert.Equal(("desk", Shop.At(9)), (armed.Zone, armed.Until));
        var gate = new PrivacyGate(shop.Config, Some.Context, Some.Random(1));
        Assert.Throws<System.Diagnostics.UnreachableException>(() => gate.Admit(armed));
    }

    [Theory]
    [InlineData("aisle")]
    [InlineData("nowhere")]
    public void A_zone_without_opt_in_is_never_armed(string zone)
    {
        Shop shop = OpenWithDesk();
        shop.Tell(new ShopInput.ConsentGiven(Shop.At(1), zone, 8));
        shop.Tell(new ShopInput.MemberSeen(Shop.At(2), "cam", zone, s_member, 0.9f));

        Assert.Empty(shop.Events);
        Assert.Equal(2, shop.StrayInputs);
    }

    [Fact]
    public void A_member_is_greeted_once_an_hour_and_only_while_the_zone_is_armed()
    {
        Shop shop = OpenWithDesk();
        Seen(0, armed: false);
        Seen(10, armed: true);
        Seen(12, armed: false);
        Seen(19, armed: false);
        Seen(3500, armed: true);
        Seen(3700, armed: true);

        Assert.Equal([Shop.At(10), Shop.At(3700)], shop.All<ShopEvent.MemberArrived>().Select(e => e.At));
        Assert.Equal(2, shop.StrayInputs);

        void Seen(double at, bool armed)
        {
            if (armed)
            {
                shop.Tell(new ShopInput.ConsentGiven(Shop.At(at), "desk", 8));
            }
            shop.Tell(new ShopInput.MemberSeen(Shop.At(at), "cam", "desk", s_member, 0.7f));
        }
    }

    [Fact]
    public void A_pressed_button_of_the_configuration_is_a_gesture_and_no_other_pin_is()
    {
        Shop shop = OpenWithDesk();
        shop.Tell(new ShopInput.PinChanged(Shop.At(1), "reader", 3, High: true));
        shop.Tell(new ShopInput.PinChanged(Shop.At(2), "other", 2, High: true));
        shop.Tell(new ShopInput.PinChanged(Shop.At(3), "reader", 2, High: false));
        Assert.Empty(shop.Events);

        shop.Tell(new ShopInput.PinChanged(Shop.At(4), "reader", 2, High: true));
        Assert.Equal(Shop.At(4 + 6), Assert.Single(shop.All<ShopEvent.FacesArmed>()).Until);
    }

    [Fact]
    public void The_arrival_says_reference_and_zone_and_nothing_else()
    {
        EgressEvent e = new PrivacyGate(Some.Config, Some.Context, Some.Random(1)).Admit(new ShopEvent.MemberArrived(Shop.At(1), "desk", s_member));

        Assert.Equal(("evt/member/arrived", "sst.member.arrived.v1", Lane.Observation, false), (e.Topic, e.Type, e.Lane, e.Retain));
        Assert.Contains("\"data\":{\"member\":\"m-4711\",\"zone\":\"desk\"}}", System.Text.Encoding.UTF8.GetString(e.Envelope.Span), StringComparison.Ordinal);
    }

    /// <summary>A face alone never authorises a payment: the same bag is decided alike whether a member was recognised or not.</summary>
    [Fact]
    public void A_recognised_member_changes_nothing_about_a_bag()
    {
        ShopEvent[] without = Decided(recognised: false), with = Decided(recognised: true);

        Assert.Equal(without.Length, with.Length);
        Assert.Equal([.. without.Select(e => e.ToString())], with.Select(e => e.ToString()));

        static ShopEvent[] Decided(bool recognised)
        {
            Shop shop = OpenWithDesk().TagPasses("milk", 4);
            if (recognised)
            {
                shop.Tell(new ShopInput.ConsentGiven(Shop.At(0), "desk", 8));
                shop.Tell(new ShopInput.MemberSeen(Shop.At(0), "cam", "desk", s_member, 0.99f));
            }
            shop.After(20.Seconds());
            return [.. shop.Events.Where(e => e is ShopEvent.ExitSettled or ShopEvent.ExitHeld)];
        }
    }

    /// <summary>No code of the gate or the checkout knows members, and the desk that greets knows neither of them.</summary>
    [Fact]
    public void No_code_leads_from_a_member_to_a_settlement()
    {
        Type[] all = typeof(ShopFloor).Assembly.GetTypes();
        const System.Reflection.BindingFlags Everything = (System.Reflection.BindingFlags)60;
        Assert.DoesNotContain(
            all.Where(t => t.Namespace is "EdgeAgent.Core.Checkout" or "EdgeAgent.Core.Gate").SelectMany(t => t.GetFields(Everything).Select(f => f.FieldType)
                .Concat(t.GetMethods(Everything).SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType)))),
            type => type.Namespace == "EdgeAgent.Core.Members" || type == typeof(ShopInput.MemberSeen) || type == typeof(ShopEvent.MemberArrived));
        Assert.DoesNotContain(
            typeof(ShopEvent.MemberArrived).GetProperties().Concat(typeof(ShopInput.MemberSeen).GetProperties()),
            property => property.PropertyType == typeof(VisitId) || property.PropertyType == typeof(Epc) || property.PropertyType == typeof(Attribution));
    }

    [Theory]
    [InlineData("m-4711", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("Eva", false)]
    [InlineData("eva muster", false)]
    [InlineData("../x", false)]
    [InlineData("müller", false)]
    [InlineData("0123456789012345678901234567890123", false)]
    public void A_reference_is_opaque_and_no_name(string text, bool valid) => Assert.Equal(valid, MemberRef.IsValid(text));

    private static Shop OpenWithDesk() => Shop.Open(config => config with
    {
        Cameras =
        [
            config.Cameras[0] with
            {
                Zones =
                [
                    new ZoneConfig("desk", [new(0, 0), new(1, 0), new(1, 1)], OptIn: true), new ZoneConfig("aisle", [new(0, 0), new(1, 0), new(1, 1)]),
                ],
            },
        ],
        Faces = new FacesConfig([new GestureConfig("desk", "reader", 2)], GestureSeconds: 6),
    });
}
