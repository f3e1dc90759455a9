namespace EdgeAgent.Simulators.Scenes;

/// <summary>Everything in the shop that does not walk: floor, wall, shelves with goods, doorway, mats, and the camera that looks at it.</summary>
/// <param name="FloorTop">Row where wall and floor meet.</param>
/// <param name="NoiseLevel">Grain of the sensor, pixel values.</param>
internal sealed record ShopDecor(
    ulong Seed, ShopCamera Camera, float FloorTop, bool Planks, Paint Floor, Paint Wall, Paint Shelf,
    IReadOnlyList<ShelfUnit> Shelves, IReadOnlyList<Fixture> Fixtures, Doorway? Doorway, float NoiseLevel, float Light)
{
    public void DrawBackdrop(in Canvas canvas)
    {
        DrawWall(canvas);
        DrawFloor(canvas);
        if (Doorway is { } doorway)
        {
            DrawDoorway(canvas, doorway);
        }
        var dice = new Dice(Seed ^ 0x60005UL);
        foreach (ShelfUnit shelf in Shelves)
        {
            shelf.Draw(canvas, Shelf, dice);
        }
        DrawMats(canvas);
    }

    private void DrawWall(in Canvas canvas)
    {
        for (int y = 0; y < (int)FloorTop; y++)
        {
            Paint row = Wall.Lit(Light * (0.84f + (0.2f * y / FloorTop)));
            for (int x = 0; x < canvas.Width; x++)
            {
                canvas.Set(x, y, row);
            }
        }
        canvas.Rectangle(0, FloorTop - 5, canvas.Width, FloorTop, Wall.Lit(0.6f * Light));
        canvas.Rectangle(0, 14, canvas.Width, 30, Shelf.Lit(1.2f * Light));
        canvas.Rectangle(0, 30, canvas.Width, 32, Wall.Lit(0.55f * Light));
    }

    /// <summary>Rows of boards or tiles that run towards the camera's vanishing point.</summary>
    private void DrawFloor(in Canvas canvas)
    {
        float middle = canvas.Width / 2f;
        float far = FloorTop - Camera.Horizon;
        for (int y = (int)FloorTop; y < canvas.Height; y++)
        {
            float depth = y + 0.5f - Camera.Horizon;
            float shade = 0.82f + (0.24f * (y - FloorTop) / (canvas.Height - FloorTop));
            float along = 26f * far / depth;
            int column = int.MinValue;
            float run = along;
            int row = (int)MathF.Floor(run);
            float grain = 0;
            for (int x = 0; x < canvas.Width; x++)
            {
                float across = (x + 0.5f - middle) / depth * (Planks ? 17f : 10f);
                int under = (int)MathF.Floor(across);
                if (under != column)
                {
                    column = under;
                    run = Planks ? (along * 0.7f) + (Hash(column, 3) * 5f) : along;
                    row = (int)MathF.Floor(run);
                    grain = (Hash(column, row) * 0.16f) - 0.08f;
                }
                float edgeX = across - column;
                float edgeY = run - row;
                bool seam = edgeX < 0.05f || edgeY < (Planks ? 0.02f : 0.035f);
                float dx = (x - middle) / canvas.Width;
                float light = shade + (Planks || ((column + row) & 1) == 0 ? grain : grain - 0.07f) - (dx * dx * 0.35f);
                canvas.Set(x, y, Floor.Lit(Light * (seam ? light * 0.78f : light)));
            }
        }
        canvas.Rectangle(0, FloorTop, canvas.Width, FloorTop + 7, default, 0.22f);
    }

    private void DrawDoorway(in Canvas canvas, Doorway door)
    {
        canvas.Rectangle(door.X - 5, door.Top - 5, door.X + door.Width + 5, FloorTop, Shelf.Lit(0.55f * Light));
        canvas.Rectangle(door.X, door.Top, door.X + door.Width, FloorTop + 2, door.Beyond.Lit(Light));
        canvas.Rectangle(door.X, door.Top, door.X + (door.Width * 0.4f), FloorTop + 2, door.Beyond.Lit(0.75f * Light));
        canvas.Trapezoid(FloorTop, door.X, door.X + door.Width, FloorTop + 26, door.X - 9, door.X + door.Width + 4, door.Beyond.Lit(1.2f), 0.25f);
    }

    /// <summary>The way in at the bottom and the way out at the right are marked on the floor.</summary>
    private void DrawMats(in Canvas canvas)
    {
        if (Doorway is not { HasMats: true })
        {
            return;
        }
        canvas.Trapezoid(312, 130, 300, canvas.Height, 118, 306, Paint.Rgb(0x4A4E52).Lit(Light), 0.85f);
        canvas.Trapezoid(318, 136, 294, canvas.Height, 125, 299, Paint.Rgb(0x5C6166).Lit(Light), 0.85f);
        canvas.Trapezoid(222, 560, canvas.Width, 346, 590, canvas.Width, Paint.Rgb(0x3F6B52).Lit(Light), 0.8f);
    }

    private float Hash(int a, int b) => new Dice(Seed + ((ulong)(uint)a * 0x1F123BB5UL) + ((ulong)(uint)b * 0x5851F42DUL)).Unit();
}

/// <summary>An opening in the back wall.</summary>
internal sealed record Doorway(float X, float Top, float Width, Paint Beyond, bool HasMats);

/// <summary>A shelf against the wall, filled with goods.</summary>
internal sealed record ShelfUnit(float X, float Top, float Width, float Bottom, int Boards)
{
    public void Draw(in Canvas canvas, Paint wood, Dice dice)
    {
        canvas.Trapezoid(Bottom, X, X + Width, Bottom + 10, X - 6, X + Width + 6, default, 0.25f);
        canvas.Rectangle(X, Top, X + Width, Bottom, wood.Lit(0.5f));
        float pitch = (Bottom - Top - 4) / Boards;
        for (int board = 0; board < Boards; board++)
        {
            float floor = Top + 2 + (pitch * (board + 1));
            for (float x = X + 5; x < X + Width - 12;)
            {
                // Goods stand in groups of the same kind, as in a shop.
                int facings = 1 + dice.Pick(4);
                float wide = dice.Between(6, 14);
                float tall = dice.Between(pitch * 0.45f, pitch * 0.8f);
                Paint goods = Paint.Any(dice).Mix(Paint.Rgb(0x909090), 0.4f);
                Paint label = Paint.Any(dice).Mix(Paint.Rgb(0xD0D0D0), 0.4f);
                for (int i = 0; i < facings && x + wide < X + Width - 4; i++)
                {
                    canvas.Rectangle(x, floor - tall, x + wide, floor, goods);
                    canvas.Rectangle(x + wide - 1.5f, floor - tall, x + wide, floor, goods.Lit(0.7f));
                    canvas.Rectangle(x + 1, floor - (tall * 0.65f), x + wide - 2, floor - (tall * 0.3f), label);
                    x += wide + 0.8f;
                }
                x += dice.Chance(0.15f) ? 9 : 1.5f;
            }
            canvas.Rectangle(X, floor, X + Width, floor + 3.5f, wood.Lit(1.1f));
        }
        canvas.Rectangle(X - 3, Top - 2, X + 2, Bottom, wood.Lit(0.9f));
        canvas.Rectangle(X + Width - 2, Top - 2, X + Width + 3, Bottom, wood.Lit(0.75f));
    }
}
