using System.Collections.Concurrent;
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
    private const int UsesPerSeed = 4;
    private const double UseSeconds = 26;
    private const int GalleryPhotos = 4;
    private const float Strangers = 0.1f;

    // Nobody is there: two pictures a second say as much as ten.
    private const int IdleStep = 5;

    // Classes of the fixtures that look unlike each other, and how many of the 81 a mixed shelf has.
    private static readonly int[] s_unlike = [6, 23, 28, 38, 61, 71];
    private const int Mixed = 12;
    private const int Classes = 81;

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly List<(Box Box, float Score)> s_nobody = [];
    private static readonly (int Left, int Top)[] s_places = [(74, 54), (152, 54), (74, 120), (152, 120)];
    private static readonly ModelsConfig s_models = new(Products: "product-mnv1-128", ProductLocalizer: "object-localizer-192", Threads: 1);

    // Each photo is described once for all seeds.
    private static readonly ConcurrentDictionary<string, float[]> s_described = new();

    // Seeds of each row, when none are named.
    private static readonly SeedRange s_usual = new(35_001, 35_030);

    /// <param name="Mixed">A dozen of all classes, other ones in each seed; else the six that look unlike each other.</param>
    /// <param name="Others">The gallery has other photos of the goods than those that are drawn.</param>
    private sealed record Shelf(string Name, bool Mixed, bool Others);

    private static readonly Shelf[] s_shelves =
    [
        new("pictures, six goods unlike each other", Mixed: false, Others: false),
        new("pictures, twelve of 81 goods, some alike", Mixed: true, Others: false),
        new("pictures, six goods unlike each other, a gallery of other photos", Mixed: false, Others: true),
    ];

    public static IReadOnlyList<string> Notes(SeedRange? others) =>
    [
        $"Pictures: seeds {others ?? s_usual}, {UsesPerSeed} uses each of a drawn shelf with photos of groceries on it, 60 by 52 pixels, drawn anew each time: turned by up to 4 degrees, up to 6 % larger or smaller and moved as much, up to 8 % lighter or darker; "
            + "a hand, sensor noise and now and then other light; no tags. Four photos of each good are the gallery, the one that is drawn among them unless said otherwise. In a tenth of the uses something is put in that is not in the gallery. What the camera does not know by sight holds the use."
            + (others is null ? " Rules were made on seeds 36001 to 36130; these were not looked at." : ""),
    ];

    public static IEnumerable<string[]> Rows(SeedRange? others)
    {
        if (Repository.Shared is not string shared || !Directory.Exists(Path.Combine(shared, "fixtures", "products")))
        {
            return [["pictures: not run, the shared photos are not there", "", "", "", "", "", "", ""]];
        }
        ModelCatalog catalog = ModelCatalog.Load(Path.Combine(Repository.Root, "models", "manifest.json"));
        return s_shelves.Select(shelf =>
        {
            ulong[] seeds = [.. (others ?? s_usual).All];
            var scores = new CabinetScore[seeds.Length];
            Parallel.For(0, seeds.Length, i => scores[i] = Play(shelf, seeds[i], catalog, shared));
            CabinetScore sum = scores.Aggregate((a, b) => a + b);
            foreach (string example in sum.Examples)
            {
                Console.Error.WriteLine($"{shelf.Name}: {example}");
            }
            return ShelfBenchmark.Row(shelf.Name, sum);
        }).ToList();
    }

    private static CabinetScore Play(Shelf shelf, ulong seed, ModelCatalog catalog, string shared)
    {
        var dice = new Dice(seed);
        int[] goods = shelf.Mixed ? Some(dice, Mixed) : s_unlike;
        string file = Path.GetTempFileName();
        try
        {
            using (ProductEye eye = ProductEye.Open(s_models, catalog, Path.Combine(shared, "models")))
            {
                var builder = new GalleryBuilder(eye);
                foreach (int product in goods)
                {
                    foreach (string photo in Photos(shared, product).Skip(shelf.Others ? 1 : 0).Take(GalleryPhotos))
                    {
                        builder.Add($"{product:00}", GtinOf(product), s_described.GetOrAdd(photo, builder.Describe));
                    }
                }
                builder.Build().Save(file);
            }
            return Play(seed, dice, goods, ProductRecognizer.Open(s_models, new ProductsConfig(file), catalog, Path.Combine(shared, "models")), shared);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int[] Some(Dice dice, int count)
    {
        int[] all = [.. Enumerable.Range(0, Classes)];
        for (int i = 0; i < count; i++)
        {
            int other = i + dice.Pick(Classes - i);
            (all[i], all[other]) = (all[other], all[i]);
        }
        return all[..count];
    }

    private static CabinetScore Play(ulong seed, Dice dice, int[] goods, ProductRecognizer recognizer, string shared)
    {
        (float left, float top, float right, float bottom) = TrayScene.Tray;
        var camera = new CameraConfig("cam", "clip:shelf.mp4", Regions: [new RegionConfig("goods", RegionKind.Shelf, [new(left, top), new(right, top), new(right, bottom), new(left, bottom)])]);
        var config = new DeviceConfig(
            1, new StoreConfig("acme", "s0001", "b1"), [camera], [new ReaderConfig("pins", "reads:none.jsonl", [new AntennaConfig(1)])], [], new CheckoutConfig("EUR", []),
            Cabinets: [new CabinetConfig("fridge", new CabinetDoorConfig("pins", 1), Regions: ["goods"], Goods: [.. goods.Select(GtinOf)])]);
        var scene = new TrayScene(seed);
        var there = new (int Product, TrayItem Item)?[4];
        for (int place = 0; place < 3; place++)
        {
            int product = goods[dice.Pick(goods.Length)];
            there[place] = (product, Photo(shared, product, s_places[place], dice));
            scene.Holds(there[place]!.Value.Item);
        }
        List<Use> truth = Plan(scene, there, dice, goods, shared);
        var floor = new ShopFloor(config, (in Epc _) => default, _ => { });
        var events = new List<ShopEvent>();
        using var watch = new GoodsWatch(camera, recognizer, null);
        var pool = new FramePool();
        for (int i = 0; i < ((UsesPerSeed * UseSeconds) + 4) * TrayScene.FramesPerSecond; i++)
        {
            double now = (double)i / TrayScene.FramesPerSecond;
            DateTimeOffset at = s_start.AddSeconds(now);
            foreach (Use use in truth)
            {
                if (Math.Abs(now - use.Opens) < 0.05 || Math.Abs(now - use.Closes) < 0.05)
                {
                    floor.On(new ShopInput.PinChanged(at, "pins", 1, Math.Abs(now - use.Opens) < 0.05), events);
                }
            }
            if (i % IdleStep != 0 && !truth.Exists(use => now >= use.Opens && now < use.Closes + 4))
            {
                continue;
            }
            using Frame frame = pool.Rent(TrayScene.Width, TrayScene.Height);
            scene.Render(i, frame.Pixels);
            watch.Look(frame, s_nobody, at);
            foreach (ShopInput seen in watch.Seen)
            {
                floor.On(seen, events);
            }
            floor.On(new ShopInput.Tick(at), events);
        }
        return Score(seed, truth, [.. events.OfType<ShopEvent.CabinetUsed>()]);
    }

    /// <param name="Net">Pieces by GTIN: above 0 taken, below 0 put in.</param>
    /// <param name="Foreign">Something that is not in the gallery was put in or taken: it is to be held.</param>
    private sealed record Use(double Opens, double Closes, SortedDictionary<string, int> Net, bool Foreign);

    /// <summary>What the hand does in each use: takes one to three things, fills empty places, now and then with something strange.</summary>
    private static List<Use> Plan(TrayScene scene, (int Product, TrayItem Item)?[] there, Dice dice, int[] goods, string shared)
    {
        var truth = new List<Use>();
        for (int use = 0; use < UsesPerSeed; use++)
        {
            double opens = 5 + (use * UseSeconds), at = opens + 1.5;
            var net = new SortedDictionary<string, int>(StringComparer.Ordinal);
            bool foreign = false, strange = dice.Chance(Strangers);
            int acts = 1 + dice.Pick(3);
            for (int act = 0; act < acts; act++, at += 3.5)
            {
                int place = dice.Pick(4);
                if (there[place] is (int taken, TrayItem item))
                {
                    scene.Take(at, item);
                    there[place] = null;
                    net[GtinOf(taken)] = net.GetValueOrDefault(GtinOf(taken)) + 1;
                    foreign |= !goods.Contains(taken);
                }
                else
                {
                    int product = strange ? Stranger(dice, goods) : goods[dice.Pick(goods.Length)];
                    there[place] = (product, Photo(shared, product, s_places[place], dice));
                    scene.Put(at, there[place]!.Value.Item);
                    net[GtinOf(product)] = net.GetValueOrDefault(GtinOf(product)) - 1;
                    foreign |= strange;
                }
            }
            if (dice.Chance(0.2f))
            {
                scene.Light(at, dice.Between(0.8f, 1.15f));
            }
            truth.Add(new Use(opens, Math.Round(at + 1, 1), net, foreign));
        }
        return truth;
    }

    private static int Stranger(Dice dice, int[] goods)
    {
        int product;
        do
        {
            product = dice.Pick(Classes);
        }
        while (goods.Contains(product));
        return product;
    }

    private static CabinetScore Score(ulong seed, List<Use> truth, List<ShopEvent.CabinetUsed> told)
    {
        int right = 0, held = 0, wrong = 0, invented = 0, heldWrongly = 0, missing = told.Count - truth.Count;
        var examples = new List<string>();
        foreach ((double opens, _, SortedDictionary<string, int> net, bool foreign) in truth)
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
            (right, held, wrong) = (certain ? same && !foreign : foreign) ? (right + 1, held, wrong) : certain ? (right, held, wrong + 1) : (right, held + 1, wrong);
            (invented, heldWrongly) = certain ? (invented + strange, heldWrongly) : (invented, heldWrongly + strange);
            if (certain ? !same || foreign : !foreign)
            {
                examples.Add($"seed {seed} at {opens:0} s{(foreign ? " (foreign)" : "")}: {string.Join(' ', net)}; told {string.Join(' ', heard)} {string.Join(' ', said.Reasons)}");
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

    /// <summary>The product's first photo, 60 by 52 pixels, a little turned, nearer or farther, lighter or darker; around it is the shelf.</summary>
    private static TrayItem Photo(string shared, int product, (int Left, int Top) place, Dice dice)
    {
        using Frame photo = PictureFile.Read(Photos(shared, product)[0], new FramePool());
        const int Width = 60, Height = 52, Samples = 4;
        float turn = dice.Between(-4, 4) * MathF.PI / 180, zoom = dice.Between(0.94f, 1.06f), light = dice.Between(0.92f, 1.08f);
        float aside = dice.Between(-0.03f, 0.03f), above = dice.Between(-0.03f, 0.03f), cos = MathF.Cos(turn) / zoom, sin = MathF.Sin(turn) / zoom;
        var bgr = new byte[Width * Height * 3];
        Span<float> sum = stackalloc float[3];
        for (int i = 0; i < Width * Height; i++)
        {
            sum.Clear();
            for (int sample = 0; sample < Samples * Samples; sample++)
            {
                float x = (i % Width) + ((sample % Samples) + 0.5f) / Samples - (Width / 2f), y = (i / Width) + ((sample / Samples) + 0.5f) / Samples - (Height / 2f);
                int u = (int)MathF.Floor(((((cos * x) - (sin * y)) / Width) + 0.5f + aside) * photo.Width), v = (int)MathF.Floor(((((sin * x) + (cos * y)) / Height) + 0.5f + above) * photo.Height);
                bool inside = (uint)u < (uint)photo.Width && (uint)v < (uint)photo.Height;
                for (int channel = 0; channel < 3; channel++)
                {
                    sum[channel] += inside ? light * photo.Pixels[(((v * photo.Width) + u) * 3) + channel] : TrayScene.Surface[channel];
                }
            }
            for (int channel = 0; channel < 3; channel++)
            {
                bgr[(i * 3) + channel] = Paint.Level(sum[channel] / (Samples * Samples));
            }
        }
        return new TrayItem(place.Left, place.Top, Width, Height, default, default) { Picture = bgr };
    }
}
