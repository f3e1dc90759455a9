using FsCheck;
using FsCheck.Fluent;

namespace EdgeAgent.Core.Tests;

public class ValueTests
{
    [Fact]
    public void Epc_ignores_padding_bits_of_the_last_byte()
    {
        var padded = new Epc([0xAB, 0xFF], 12);

        Assert.Equal(new Epc([0xAB, 0xF0], 12), padded);
        Assert.Equal(new Epc([0xAB, 0xF0], 12).GetHashCode(), padded.GetHashCode());
        Assert.Equal("ABF0", padded.ToHex());
    }

    [Fact]
    public void Epc_of_another_length_is_another_epc() => Assert.NotEqual(new Epc([0xAB, 0xF0], 12), new Epc([0xAB, 0xF0], 16));

    [Fact]
    public void Epc_is_equal_to_itself_after_hexadecimal_and_back() =>
        Prop.ForAll(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf().Where(b => b.Length <= 62).ToArbitrary(), bytes =>
            Epc.TryParse(Convert.ToHexStringLower(bytes), out Epc epc) && epc == new Epc(bytes, bytes.Length * 8) && epc.Bytes.SequenceEqual(bytes)
            && Epc.TryParse(epc.ToHex(), out Epc again) && again == epc && again.GetHashCode() == epc.GetHashCode()).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("ABC")]
    [InlineData("XY")]
    [InlineData("3074 257B")]
    public void Text_that_is_no_epc_is_not_parsed(string text) => Assert.False(Epc.TryParse(text, out _));

    [Fact]
    public void Epc_has_at_most_496_bits()
    {
        Assert.Equal(496, new Epc(new byte[62], 496).Bits);
        Assert.Throws<ArgumentException>(() => new Epc(new byte[63], 497));
        Assert.Throws<ArgumentException>(() => new Epc(new byte[2], 96));
        Assert.False(Epc.TryParse(new string('0', 126), out _));
    }

    [Fact]
    public void Epc_does_not_show_itself_in_text() => Assert.Equal("EPC-96", $"{Stock.Tag("cola")}");

    [Fact]
    public void Boxes_overlap_fully_partly_or_not_at_all()
    {
        var box = new Box(0.1f, 0.1f, 0.2f, 0.2f);

        Assert.Equal(1, box.Overlap(box), 5);
        Assert.Equal(1 / 3f, box.Overlap(box with { X = 0.2f }), 5);
        Assert.Equal(0, box.Overlap(box with { X = 0.3f }));
        Assert.Equal(0, default(Box).Overlap(default));
        Assert.Equal(new Point(0.2f, 0.1f + 0.2f), box.Foot);
    }

    [Fact]
    public void Look_that_was_recorded_comes_back_bit_for_bit() =>
        Prop.ForAll(Gen.Choose(-1000, 1000).Select(n => n / 997f).ArrayOf().Where(v => v.Length > 0).ToArbitrary(), values =>
        {
            var look = new Appearance(values);
            return new Appearance(look.AsSpan()).AsSpan().SequenceEqual(look.AsSpan());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Look_is_a_unit_vector_of_its_own()
    {
        float[] values = [3, 4];
        var look = new Appearance(values);
        values[0] = 9;

        Assert.Equal([0.6f, 0.8f], look.AsSpan().ToArray());
        Assert.Equal(1, look.Similarity(look), 5);
    }

    [Fact]
    public void Wiped_or_unlike_or_broken_look_resembles_nothing()
    {
        Appearance look = Some.Look(1);
        Assert.Equal(0, look.Similarity(new Appearance([1, 0])));
        Assert.Equal(0, look.Similarity(new Appearance([0, float.NaN, 0, 0, 0, 0, 0, 0])));
        Assert.Equal(0, look.Similarity(new Appearance([0, float.MaxValue, float.MaxValue, 0, 0, 0, 0, 0])));

        look.Wipe();

        Assert.Equal(-1, look.AsSpan().IndexOfAnyExcept(0));
        Assert.Equal(0, look.Similarity(look));
    }

    [Fact]
    public void Look_follows_a_newer_one_and_stays_a_unit_vector()
    {
        Appearance look = Some.Look(1);
        Appearance newer = Some.Look(2);
        float before = look.Similarity(newer);
        look.Blend(newer, 0.1f);

        Assert.True(look.Similarity(newer) > before);
        Assert.Equal(1, look.Similarity(look), 4);
    }
}
