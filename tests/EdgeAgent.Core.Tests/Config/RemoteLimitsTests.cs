using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Config;

/// <summary>What no remote document may do, however well it is signed.</summary>
public class RemoteLimitsTests
{
    private static readonly Point[] s_till = [new(0.1f, 0.1f), new(0.4f, 0.1f), new(0.4f, 0.4f)];

    private static readonly DeviceConfig s_local = Some.Config with
    {
        Cameras = [new CameraConfig("front", "rtsp://10.0.0.5:554/s1", Masks: [s_till], User: "viewer", PasswordFile: "/etc/edge/front.pw")],
        Readers = [new ReaderConfig("reader", "llrps://10.0.0.9", [new AntennaConfig(1)], Tls: new TlsConfig("/etc/edge/ca.pem"))],
        Gates = [],
        Broker = new BrokerConfig("mqtt.example.com", 8883, new TlsConfig("/etc/edge/ca.pem"), "box", "/etc/edge/mqtt.pw"),
    };

    [Fact]
    public void A_document_like_the_local_file_with_other_prices_places_and_broker_is_allowed() => Allowed(s_local with
    {
        Version = 9,
        Checkout = s_local.Checkout with { RiskLimit = 500 },
        Cameras = [s_local.Cameras[0] with { Fps = 5, Lines = [new LineConfig("door", new Point(0, 0), new Point(1, 1))] }],
        Broker = s_local.Broker! with { Host = "mqtt2.example.com", KeepaliveSeconds = 30 },
        Products = new ProductsConfig("/var/lib/edge/products.gal"),
    });

    [Fact]
    public void Another_box_is_refused() => Refused(s_local with { Store = s_local.Store with { Box = "b2" } }, "$.store", "audience");

    [Fact]
    public void No_broker_or_a_recording_is_refused()
    {
        Refused(s_local with { Broker = null }, "$.broker", "missing");
        Refused(Camera(c => c with { Source = "clip:/etc/shadow", User = null, PasswordFile = null }), "$.cameras[0].source", "bad-value");
    }

    [Fact]
    public void Files_of_secrets_are_named_in_the_local_file_only()
    {
        Refused(s_local with { Broker = s_local.Broker! with { PasswordFile = "/etc/shadow" } }, "$.broker.passwordFile", "local-only");
        Refused(s_local with { Broker = s_local.Broker! with { Tls = null } }, "$.broker.tls", "local-only");
        Refused(s_local with { Broker = s_local.Broker! with { Tls = new TlsConfig("/tmp/ca.pem") } }, "$.broker.tls", "local-only");
        Refused(s_local with { Readers = [s_local.Readers[0] with { Tls = new TlsConfig("/tmp/ca.pem") }] }, "$.readers[0].tls", "local-only");
        Refused(Camera(c => c with { PasswordFile = "/etc/shadow" }), "$.cameras[0].passwordFile", "local-only");
    }

    [Theory]
    [InlineData("rtsp://evil.example.com/s1")]
    [InlineData("rtsp://10.0.0.5:8554/s1")]
    [InlineData("http://10.0.0.5/s1")]
    public void A_password_goes_to_its_own_host_only(string source) => Refused(Camera(c => c with { Source = source }), "$.cameras[0].passwordFile", "local-only");

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/var/lib/edge/../../../etc/passwd")]
    [InlineData("/var/lib/edge-other/x")]
    [InlineData("x.gal")]
    public void A_file_outside_of_the_state_folder_is_refused(string gallery) =>
        Refused(s_local with { Products = new ProductsConfig(gallery) }, "$.products.gallery", "local-only");

    [Fact]
    public void A_privacy_mask_stays_whatever_the_camera_is_called()
    {
        Refused(Camera(c => c with { Masks = [] }), "$.cameras[0].masks", "above-ceiling");
        Refused(Camera(c => c with { Masks = [], Id = "renamed" }), "$.cameras[0].masks", "above-ceiling");
        Refused(Camera(c => c with { Masks = [], Id = "renamed", Source = c.Source + "?x=1" }), "$.cameras[0].masks", "above-ceiling");
        Refused(Camera(c => c with { Masks = [[new(0.1f, 0.1f), new(0.2f, 0.1f), new(0.2f, 0.2f)]] }), "$.cameras[0].masks", "above-ceiling");
        Allowed(Camera(c => c with { Masks = [s_till, [new(0.5f, 0.5f), new(0.6f, 0.5f), new(0.6f, 0.6f)]] }));
    }

    [Fact]
    public void Nothing_about_people_is_switched_on_that_the_local_file_has_off()
    {
        PrivacyCeiling ceiling = PrivacyCeiling.Of(s_local);
        ZoneConfig desk = new("desk", s_till, OptIn: true);

        Refused(s_local with { Faces = new FacesConfig() }, "$.faces", "above-ceiling", ceiling);
        Refused(Camera(c => c with { Zones = [desk] }), "$.cameras[0].zones[0].optIn", "above-ceiling", ceiling);
        Refused(s_local with { Visits = s_local.Visits with { Occupancy = true } }, "$.visits.occupancy", "above-ceiling", ceiling);
        Refused(s_local, "$.visits.publish", "above-ceiling", PrivacyCeiling.Of(s_local with { Visits = s_local.Visits with { Publish = false } }));
        Allowed(s_local with { Visits = s_local.Visits with { Publish = false } });
        Refused(s_local with { Visits = s_local.Visits with { UpdateSeconds = 60 } }, "$.visits.updateSeconds", "above-ceiling", ceiling);
        Refused(s_local with { Models = s_local.Models with { Appearance = "osnet" } }, "$.models.appearance", "above-ceiling", ceiling);
    }

    [Fact]
    public void What_the_ceiling_allows_is_allowed_and_no_more()
    {
        var ceiling = new PrivacyCeiling(Faces: true, OptInZones: ["desk"], Occupancy: true, MinCount: 5);
        DeviceConfig Wanted(string zone, int minCount) => Camera(c => c with { Zones = [new ZoneConfig(zone, s_till, OptIn: true)] }) with
        {
            Faces = new FacesConfig(), Visits = s_local.Visits with { Occupancy = true, MinCount = minCount },
        };

        Allowed(Wanted("desk", 5), ceiling);
        Refused(Wanted("door", 5), "$.cameras[0].zones[0].optIn", "above-ceiling", ceiling);
        Refused(Wanted("desk", 4), "$.visits.minCount", "above-ceiling", ceiling);
    }

    [Fact]
    public void The_page_is_shown_beyond_the_box_only_where_the_box_itself_says_so()
    {
        DeviceConfig Page(DashboardConfig page) => s_local with { Dashboard = page };
        var open = new DashboardConfig("0.0.0.0");
        var collector = new DashboardConfig(Otlp: "http://10.0.0.7:4318");
        PrivacyCeiling none = PrivacyCeiling.Of(s_local);

        Allowed(Page(new DashboardConfig(Port: 9000)), none);
        Allowed(Page(new DashboardConfig("::1")), none);
        Refused(Page(open), "$.dashboard.listen", "above-ceiling", none);
        Refused(Page(collector), "$.dashboard.otlp", "above-ceiling", none);
        Allowed(Page(open), new PrivacyCeiling(DashboardBeyondBox: true));
        Allowed(Page(collector), PrivacyCeiling.Of(Page(open)));
    }

    /// <summary>Whoever adds a key that names a file says in <see cref="RemoteLimits"/> what a remote document may name there, and then here.</summary>
    [Fact]
    public void Every_key_that_names_a_file_is_known_to_the_limits()
    {
        var seen = new HashSet<Type>();
        var files = new SortedSet<string>(StringComparer.Ordinal);
        Look(typeof(DeviceConfig));
        Assert.Equal(["BrokerConfig.PasswordFile", "CameraConfig.PasswordFile", "ProductsConfig.Gallery", "TlsConfig.CaFile", "TlsConfig.CertFile", "TlsConfig.KeyFile"], files);

        void Look(Type type)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type.IsGenericType)
            {
                Array.ForEach(type.GetGenericArguments(), Look);
            }
            else if (type.Namespace == typeof(DeviceConfig).Namespace && !type.IsEnum && seen.Add(type))
            {
                foreach (System.Reflection.PropertyInfo property in type.GetProperties())
                {
                    if (property.PropertyType == typeof(string) && System.Text.RegularExpressions.Regex.IsMatch(property.Name, "File|Folder|Path|Gallery|Directory|Key$|Cert"))
                    {
                        files.Add($"{type.Name}.{property.Name}");
                    }
                    Look(property.PropertyType);
                }
            }
        }
    }

    [Fact]
    public void A_ceiling_with_an_error_is_named_by_path()
    {
        (PrivacyCeiling? none, IReadOnlyList<ConfigError> errors) = ConfigReader.ReadCeiling("""{"faces":"yes","minCount":101,"optInZone":[]}"""u8.ToArray());

        Assert.Null(none);
        Assert.Equal(["$.faces", "$.optInZone"], errors.Select(e => e.Path).Order(StringComparer.Ordinal));
        Assert.Equal("$.minCount", Assert.Single(ConfigReader.ReadCeiling("""{"minCount":101}"""u8.ToArray()).Errors).Path);
        Assert.Equal(new PrivacyCeiling(Faces: true).MinCount, ConfigReader.ReadCeiling("""{"faces":true}"""u8.ToArray()).Ceiling!.MinCount);
    }

    private static DeviceConfig Camera(Func<CameraConfig, CameraConfig> change) => s_local with { Cameras = [change(s_local.Cameras[0])] };

    private static void Allowed(DeviceConfig wanted, PrivacyCeiling? ceiling = null) => Assert.Empty(Check(wanted, ceiling));

    private static void Refused(DeviceConfig wanted, string path, string code, PrivacyCeiling? ceiling = null) =>
        Assert.Equal((path, code), Check(wanted, ceiling).Select(e => (e.Path, e.Code)).First(e => e.Path == path));

    private static List<ConfigError> Check(DeviceConfig wanted, PrivacyCeiling? ceiling)
    {
        var errors = new List<ConfigError>();
        new RemoteLimits(s_local, ceiling ?? PrivacyCeiling.Of(s_local), "/var/lib/edge").Check(wanted, errors);
        return errors;
    }
}
