namespace EdgeAgent.Simulators.Scenes;

internal enum FixtureKind { Table, GatePanel }

/// <summary>A thing that stands on the floor and can hide people behind it: a table with goods, or a see-through panel of the exit gate.</summary>
/// <param name="X">Left side, pixels.</param>
/// <param name="Ground">Row on which it stands; people with lower ground are behind it.</param>
internal sealed record Fixture(FixtureKind Kind, float X, float Ground, float Width, float Height, Paint Paint, ulong Seed)
{
    private float Top => Ground - Height;

    /// <summary>A gate panel hides nobody.</summary>
    public bool Hides(float x, float y) => Kind == FixtureKind.Table && x > X && x < X + Width && y > Top && y < Ground;

    public void Draw(in Canvas canvas)
    {
        canvas.Shadow(X + (Width * 0.55f), Ground, Width * 0.7f, 6 + (Width * 0.04f), 0.3f);
        if (Kind == FixtureKind.GatePanel)
        {
            canvas.Rectangle(X, Top, X + Width, Ground, Paint.Rgb(0xC8DCE4), 0.3f);
            canvas.Rectangle(X, Top, X + 2.5f, Ground, Paint);
            canvas.Rectangle(X + Width - 2.5f, Top, X + Width, Ground, Paint);
            canvas.Rectangle(X, Top, X + Width, Top + 4, Paint);
            canvas.Rectangle(X - 2, Ground - 5, X + Width + 2, Ground, Paint.Lit(0.6f));
            return;
        }
        float board = Height * 0.38f;
        canvas.Rectangle(X, Top + board, X + Width, Ground, Paint.Lit(0.72f));
        canvas.Rectangle(X + 3, Top + board + 4, X + Width - 3, Ground - 3, Paint.Lit(0.85f));
        canvas.Trapezoid(Top, X + (Width * 0.06f), X + (Width * 0.94f), Top + board, X, X + Width, Paint.Lit(1.12f));
        var dice = new Dice(Seed);
        for (float x = X + (Width * 0.1f); x < X + (Width * 0.85f);)
        {
            float wide = dice.Between(7, 15);
            float tall = dice.Between(6, 14);
            float y = Top + dice.Between(board * 0.25f, board * 0.85f);
            Paint goods = Paint.Any(dice);
            canvas.Rectangle(x, y - tall, x + wide, y, goods);
            canvas.Rectangle(x, y - tall, x + wide, y - (tall * 0.7f), goods.Lit(1.25f));
            x += wide + dice.Between(2, 7);
        }
    }
}
