using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Cabinets;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Products;
using EdgeAgent.Vision.Regions;

namespace EdgeAgent.Benchmarks.Shelf;

/// <summary>
/// A drawn shelf behind a door, with photos of real groceries on it: a hand takes and puts back, the pictures go the way of a camera's through
/// the watcher of regions and the product models, and the cabinet says what happened.
/// </summary>
internal static class ShelfPictures
{
    private const int Seeds = 8;
    private const int UsesPerSeed = 4;
    private const double UseSeconds = 34;

    // Classes of the fixtures that look unlike each other.
    private static readonly int[] s_classes = [6, 23, 28, 38, 61, 71];
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly List<(Box Box, float Score)> s_nobody = [];
    private static readonly (int Left, int Top)[] s_places = [(74, 54), (152, 54), (74, 120), (152, 120)];

    public static IReadOnlyList<string> Notes { get; } =
    [
        $"Pictures: {Seeds * UsesPerSeed} uses of a drawn shelf with four photos of groceries on it (six classes; four photos of each are the gallery, the one that is drawn among them, 60 pixels wide in the picture), a hand, sensor noise and now and then other light; no tags. "
            + "What the camera does not know by sight holds the use. With a gallery of other photos than those drawn, 52 pixels wide, 8 % of 120 uses were right and 92 % held; none wrong, none invented.",
    ];

    public static IEnumerable<string[]> Rows()
    {
        if (Repository.Shared is not string shared || !Directory.Exists(Path.Combine(shared, "fixtures", "products")))
        {
            return [["pictures: not run, the shared photos are not there", "", "", "", "", "", "", ""]];
        }
        string file = Path.GetTempFileName();
        try
        {
            var models = new ModelsConfig(Products: "product-mnv1-128", ProductLocalizer: "object-localizer-192");
            ModelCatalog catalog = ModelCatalog.Load(Path.Combine(Repository.Root, "models", "manifest.json"));
            string folder = Path.Combine(shared, "models");
            using (ProductEye eye = ProductEye.Open(models, catalog, folder))
            {
                var builder = new GalleryBuilder(eye);
                foreach (int product in s_classes)
                {
                    foreach (string photo in Photos(shared, product).Take(4))
                    {
                        builder.Add($"{product:00}", GtinOf(product), photo);
                    }
                }
                builder.Build().Save(file);
            }
            var products = new ProductsConfig(file, Threshold: 0.4);
            CabinetScore sum = Enumerable.Range(0, Seeds).Select(seed => Play((ulong)seed + 500, shared, () => ProductRecognizer.Open(models, products, catalog, folder)))
                .Aggregate((a, b) => a + b);
            foreach (string example in sum.Examples)
            {
                Console.Error.WriteLine("pictures: " + example);
            }
            return [ShelfBenchmark.Row("pictures of a drawn shelf", sum)];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static CabinetScore Play(ulong seed, string shared, Func<ProductRecognizer> open)
    {
        (float left, float top, float right, float bottom) = TrayScene.Tray;
        var camera = new CameraConfig("cam", "clip:shelf.mp4", Regions: [new RegionConfig("goods", RegionKind.Shelf, [new(left, top), new(right, top), new(right, bottom), new(left, bottom)])]);
        var config = new DeviceConfig(
            1, new StoreConfig("acme", "s0001", "b1"), [camera], [new ReaderConfig("pins", "reads:none.jsonl", [new AntennaConfig(1)])], [], new CheckoutConfig("EUR", []),
            Cabinets: [new CabinetConfig("fridge", new CabinetDoorConfig("pins", 1), Regions: ["goods"], Goods: [.. s_classes.Select(GtinOf)])]);
        var dice = new Dice(seed);
        var scene = new TrayScene(seed);
        var there = new (int Product, TrayItem Item)?[4];
        for (int place = 0; place < 3; place++)
        {
            int product = s_classes[dice.Pick(s_classes.Length)];
            there[place] = (product, Photo(shared, product, s_places[place]));
            scene.Holds(there[place]!.Value.Item);
        }
        List<(double Open, double Close, SortedDictionary<string, int> Net)> truth = Plan(scene, there, dice, shared);
        var floor = new ShopFloor(config, (in Epc _) => default, _ => { });
        var events = new List<ShopEvent>();
        using var goods = new GoodsWatch(camera, open(), null);
        var pool = new FramePool();
        for (int i = 0; i < ((UsesPerSeed * UseSeconds) + 4) * TrayScene.FramesPerSecond; i++)
        {
            double now = (double)i / TrayScene.FramesPerSecond;
            DateTimeOffset at = s_start.AddSeconds(now);
            foreach ((double opens, double closes, _) in truth)
            {
                if (Math.Abs(now - opens) < 0.05 || Math.Abs(now - closes) < 0.05)
                {
                    floor.On(new ShopInput.PinChanged(at, "pins", 1, Math.Abs(now - opens) < 0.05), events);
                }
            }
            using Frame frame = pool.Rent(TrayScene.Width, TrayScene.Height);
            scene.Render(i, frame.Pixels);
            goods.Look(frame, s_nobody, at);
            foreach (ShopInput seen in goods.Seen)
            {
                floor.On(seen, events);
            }
            floor.On(new ShopInput.Tick(at), events);
        }
        return Score(seed, truth, [.. events.OfType<ShopEvent.CabinetUsed>()]);
    }

    /// <summary>What the hand does in each use: takes one or two things, perhaps puts one back, perhaps fills an empty place.</summary>
    private static List<(double Open, double Close, SortedDictionary<string, int> Net)> Plan(TrayScene scene, (int Product, TrayItem Item)?[] there, Dice dice, string shared)
    {
        var truth = new List<(double, double, SortedDictionary<string, int>)>();
        for (int use = 0; use < UsesPerSeed; use++)
        {
            double opens = 5 + (use * UseSeconds), at = opens + 1.5;
            var net = new SortedDictionary<string, int>(StringComparer.Ordinal);
            int acts = 1 + dice.Pick(3);
            for (int act = 0; act < acts; act++, at += 3.5)
            {
                int place = dice.Pick(4);
                if (there[place] is (int taken, TrayItem item))
                {
                    scene.Take(at, item);
                    there[place] = null;
                    net[GtinOf(taken)] = net.GetValueOrDefault(GtinOf(taken)) + 1;
                }
                else
                {
                    int product = s_classes[dice.Pick(s_classes.Length)];
                    there[place] = (product, Photo(shared, product, s_places[place]));
                    scene.Put(at, there[place]!.Value.Item);
                    net[GtinOf(product)] = net.GetValueOrDefault(GtinOf(product)) - 1;
                }
            }
            if (dice.Chance(0.2f))
            {
                scene.Light(at, dice.Between(0.8f, 1.15f));
            }
            truth.Add((opens, Math.Round(at + 1, 1), net));
        }
        return truth;
    }

    private static CabinetScore Score(ulong seed, List<(double Open, double Close, SortedDictionary<string, int> Net)> truth, List<ShopEvent.CabinetUsed> told)
    {
        int right = 0, held = 0, wrong = 0, invented = 0, heldWrongly = 0, missing = told.Count - truth.Count;
        var examples = new List<string>();
        foreach ((double opens, _, SortedDictionary<string, int> net) in truth)
        {
            if (told.Find(t => Math.Abs((t.OpenedAt - s_start).TotalSeconds - opens) < 0.06) is not ShopEvent.CabinetUsed said)
            {
                missing++;
                continue;
            }
            var heard = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach ((string gtin, int pieces) in said.Taken.Select(i => (i.Gtin ?? "?", i.Quantity)).Concat(said.Returned.Select(i => (i.Gtin ?? "?", -i.Quantity))))
            {
                heard[gtin] = heard.GetValueOrDefault(gtin) + pieces;
            }
            int strange = heard.Keys.Where(g => g != "?").Sum(g => Strange(heard[g], net.GetValueOrDefault(g)));
            bool same = net.Keys.Union(heard.Keys).All(g => net.GetValueOrDefault(g) == heard.GetValueOrDefault(g)), certain = said.Reasons.Count == 0;
            (right, held, wrong) = certain ? same ? (right + 1, held, wrong) : (right, held, wrong + 1) : (right, held + 1, wrong);
            (invented, heldWrongly) = certain ? (invented + strange, heldWrongly) : (invented, heldWrongly + strange);
            if (!certain || !same)
            {
                examples.Add($"seed {seed} at {opens:0} s: {string.Join(' ', net)}; told {string.Join(' ', heard)} {string.Join(' ', said.Reasons)}");
            }
        }
        return new CabinetScore(truth.Count, right, held, wrong, invented, heldWrongly, missing) { Examples = examples };
    }

    /// <summary>Pieces told beyond those that moved that way.</summary>
    private static int Strange(int told, int moved) => Math.Sign(told) == Math.Sign(moved) ? Math.Max(0, Math.Abs(told) - Math.Abs(moved)) : Math.Abs(told);

    private static string GtinOf(int product)
    {
        string first = $"00000000000{product:00}";
        return first + Gtin.CheckDigit(first);
    }

    private static string[] Photos(string shared, int product) =>
        [.. Directory.GetFiles(Path.Combine(shared, "fixtures", "products", "train"), $"{product:00}_*.jpg").Order(StringComparer.Ordinal)];

    /// <summary>The product's first photo, 60 by 52 pixels.</summary>
    private static TrayItem Photo(string shared, int product, (int Left, int Top) place)
    {
        using Frame photo = PictureFile.Read(Photos(shared, product)[0], new FramePool());
        const int Width = 60, Height = 52;
        var part = new float[3 * Width * Height];
        new PixelFit(new PreSpec(Fit.Squash, 0, ColourOrder.Bgr, [0, 0, 0], [1, 1, 1]), Width, Height).Fill(photo, part);
        var bgr = new byte[Width * Height * 3];
        for (int i = 0; i < Width * Height; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                bgr[(i * 3) + channel] = (byte)part[(channel * Width * Height) + i];
            }
        }
        return new TrayItem(place.Left, place.Top, Width, Height, default, default) { Picture = bgr };
    }
}
