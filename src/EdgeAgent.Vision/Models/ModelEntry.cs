using EdgeAgent.Core;

namespace EdgeAgent.Vision.Models;

/// <summary>One entry of <c>models/manifest.json</c>: which file, where it comes from, how to feed it and how to read it.</summary>
/// <param name="Role">What it is for: people, appearance, faces, face-vector, liveness.</param>
/// <param name="File">Plain file name inside the model directory.</param>
/// <param name="Sha256">64 lower-case hex digits.</param>
/// <param name="Size">Bytes; null where the publisher states none. The hash decides in any case.</param>
/// <param name="Source">Page or repository that publishes the file.</param>
/// <param name="Url">Where <c>pull</c> gets it by default; null means only from a model store.</param>
/// <param name="Synthetic">Trained on drawn scenes for the demo, of no use in a store.</param>
/// <param name="ReferencePoints">Face vectors only: where the two eyes, the nose and the two mouth corners go, in fractions of the input.</param>
public sealed record ModelEntry(
    string Name,
    string Role,
    string File,
    string Sha256,
    long? Size,
    string Licence,
    string Source,
    string? Url,
    bool Synthetic,
    string? Note,
    TensorSpec Input,
    IReadOnlyList<TensorSpec> Outputs,
    PreSpec Pre,
    PostSpec Post,
    IReadOnlyList<Point> ReferencePoints)
{
    /// <summary>Where the file lies when that is not the folder of the models: a model that came over the air.</summary>
    public string? Folder { get; init; }

    /// <summary>Width in pixels of an image input <c>[1,3,H,W]</c>.</summary>
    public int InputWidth => Input.Shape[3];

    /// <summary>Height in pixels of an image input <c>[1,3,H,W]</c>.</summary>
    public int InputHeight => Input.Shape[2];

    /// <summary>Position of an output by its tensor name; -1 when there is none.</summary>
    public int OutputIndex(string tensor)
    {
        for (int i = 0; i < Outputs.Count; i++)
        {
            if (Outputs[i].Name == tensor)
            {
                return i;
            }
        }
        return -1;
    }
}

/// <summary>A tensor of 32-bit floats with all dimensions fixed.</summary>
public sealed record TensorSpec(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>Number of values.</summary>
    public int Count
    {
        get
        {
            int count = 1;
            for (int i = 0; i < Shape.Count; i++)
            {
                count = checked(count * Shape[i]);
            }
            return count;
        }
    }

    /// <summary>For messages: <c>images [1,3,416,416]</c>.</summary>
    public string Text => $"{Name} [{string.Join(',', Shape)}]";
}

public enum Fit
{
    /// <summary>Keep the proportions, picture at the top left, the rest filled with the pad value.</summary>
    LetterboxTopLeft,

    /// <summary>Keep the proportions, picture in the middle.</summary>
    LetterboxCentre,

    /// <summary>Stretch to the input's size.</summary>
    Squash,
}

public enum ColourOrder { Bgr, Rgb }

/// <summary>How pixels become input values: <c>(x - Mean) * Scale</c> per channel, in the order of <paramref name="Colour"/>.</summary>
/// <param name="Pad">Pixel value 0 to 255 around a letterboxed picture, before mean and scale.</param>
public sealed record PreSpec(Fit Fit, byte Pad, ColourOrder Colour, IReadOnlyList<float> Mean, IReadOnlyList<float> Scale);

/// <summary>How outputs become detections or a vector. A closed set: another model of a known family is an entry, not code.</summary>
public abstract record PostSpec
{
    private PostSpec()
    {
    }

    /// <summary>One output <c>[1,A,5+classes]</c>, raw on a grid per stride: x, y, log w, log h, objectness, class scores.</summary>
    /// <param name="Class">The class that counts, 0 for a person in COCO.</param>
    public sealed record Yolox(IReadOnlyList<int> Strides, int Classes, int Class, float Threshold, float Nms) : PostSpec;

    /// <summary>Output <c>boxes [1,A,4]</c> in fractions of the input and <c>scores [1,A,C]</c>.</summary>
    /// <param name="Column">Which score counts.</param>
    public sealed record BoxesScores(Corners Corners, int Column, float Threshold, float Nms) : PostSpec;

    /// <summary>Per stride s: <c>cls_s [1,A,1]</c>, <c>obj_s [1,A,1]</c>, <c>bbox_s [1,A,4]</c>, <c>kps_s [1,A,10]</c>.</summary>
    public sealed record Yunet(IReadOnlyList<int> Strides, float Threshold, float Nms) : PostSpec;

    /// <summary>One vector, compared by cosine; from <paramref name="Threshold"/> on two pictures show the same one.</summary>
    public sealed record Embedding(float Threshold) : PostSpec;

    /// <summary>One output <c>[1,C]</c> of probabilities over a crop of <paramref name="Scale"/> times the face's box; column <paramref name="Live"/> is a living face.</summary>
    public sealed record Liveness(float Scale, int Live, float Threshold) : PostSpec;
}

/// <summary>In which order the four numbers of a box come.</summary>
public enum Corners { X1Y1X2Y2, Y1X1Y2X2 }
