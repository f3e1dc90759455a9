namespace EdgeAgent.Simulators.Scenes;

public sealed partial class StoreScene
{
    /// <summary>
    /// The shop of the demonstration: 40 s, seven people, at most three at once. They come in over the bottom edge and leave over the
    /// right one. Ana and Ben meet in front of the shelves and hide each other for a moment; Eva and Finn leave almost side by side.
    /// </summary>
    public static StoreScene Demo()
    {
        var decor = new ShopDecor(
            Seed: 20, new ShopCamera(), FloorTop: 112, Planks: true, Floor: Paint.Rgb(0xB9925F), Wall: Paint.Rgb(0xD9D6CB), Shelf: Paint.Rgb(0x8C6B4A),
            Shelves: [new(20, 38, 142, 140, 3), new(178, 34, 150, 140, 4), new(344, 38, 142, 140, 3)],
            Fixtures:
            [
                new(FixtureKind.GatePanel, 572, 226, 12, 84, Paint.Rgb(0x5A6670), 1),
                new(FixtureKind.Table, 246, 262, 104, 50, Paint.Rgb(0xA87B4C), 2),
                new(FixtureKind.GatePanel, 602, 350, 15, 100, Paint.Rgb(0x5A6670), 3),
            ],
            new Doorway(520, 24, 66, Paint.Rgb(0x6F8FA0), HasMats: true), NoiseLevel: 2f, Light: 1);
        return new StoreScene(400, decor,
        [
            new SceneActor("ana", Wears(0xF2D0B0, 0x4A2F1B, 0xC0392B, 0x2C3E66, longHair: true),
                [new(0.5, 210, 620), new(2.7, 185, 330), new(4.2, 110, 186), new(7.0, 110, 186, true), new(7.1, 110, 186), new(9.6, 330, 196), new(10.4, 420, 205), new(13.3, 745, 292)]),
            new SceneActor("ben", Wears(0xC68A5E, 0x20160F, 0x2E86AB, 0x3A3A3A, bag: 0xE8C547, build: 1.12f),
                [new(4.0, 195, 620), new(6.2, 215, 330), new(7.6, 420, 200), new(9.2, 400, 182), new(12.0, 400, 182, true), new(12.1, 400, 182), new(14.0, 190, 190), new(16.5, 190, 178, true), new(16.6, 190, 178), new(18.2, 330, 215), new(21.8, 750, 285)]),
            new SceneActor("cleo", Wears(0x8F5A3A, 0x20160F, 0x3E8E5A, 0xD8CFC0, skirt: true, longHair: true),
                [new(11.4, 205, 620), new(13.6, 170, 335), new(15.0, 80, 205), new(18.2, 80, 205, true), new(18.3, 80, 205), new(20.8, 232, 305), new(25.6, 750, 320)]),
            new SceneActor("dirk", Wears(0xE3B48C, 0x9A9A98, 0xE4E0D8, 0x6B4A32, band: 0x34495E),
                [new(19.0, 215, 620), new(21.2, 225, 330), new(22.8, 400, 250), new(23.8, 455, 190), new(25.6, 455, 190, true), new(25.7, 455, 190), new(28.6, 760, 275)]),
            new SceneActor("eva", Wears(0xF2D0B0, 0xC9A45C, 0xE07FA8, 0x24242A, longHair: true, stature: 0.96f),
                [new(24.4, 200, 620), new(26.6, 180, 332), new(28.0, 130, 192), new(29.6, 130, 192, true), new(29.7, 130, 192), new(31.8, 350, 208), new(35.5, 750, 228)]),
            new SceneActor("finn", Wears(0x5C3A28, 0x20160F, 0xE67E22, 0x37507A, build: 1.08f, stature: 1.05f),
                [new(26.9, 215, 620), new(29.1, 220, 338), new(30.6, 390, 306), new(31.6, 390, 306), new(35.5, 770, 330)]),
            new SceneActor("gina", Wears(0xE3B48C, 0x7A2E18, 0x7D5BA6, 0x4E5B3A, bag: 0xC0392B, shortSleeves: true),
                [new(29.6, 195, 620), new(31.6, 190, 335), new(32.6, 215, 196), new(34.6, 215, 196, true), new(34.7, 215, 196), new(36.0, 380, 205), new(39.4, 760, 262)]),
        ]);
    }

    private static Outfit Wears(
        int skin, int hair, int top, int legs, int? band = null, int? bag = null,
        bool longHair = false, bool skirt = false, bool shortSleeves = false, float build = 1, float stature = 1) => new(
            Paint.Rgb(skin), Paint.Rgb(hair), Paint.Rgb(top), Paint.Rgb(legs), Paint.Rgb(0x2A2624),
            band is { } b ? Paint.Rgb(b) : null, bag is { } g ? Paint.Rgb(g) : null, longHair, skirt, shortSleeves, build, stature);
}
