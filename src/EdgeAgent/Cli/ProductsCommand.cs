using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Products;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent products enroll | list | identify</c>: the goods that a store knows by sight.</summary>
internal static class ProductsCommand
{
    private const string Vectors = "product-mnv1-128";
    private const string Localizer = "object-localizer-192";

    public static Command Create()
    {
        var folder = new Option<string?>("--models") { Description = "Folder of the model files; $EDGE_MODELS, else ./models.", HelpName = "DIR", Recursive = true };
        var file = new Argument<string>("FILE") { Description = "A gallery." };
        var list = new Command("list", "Shows the products of a gallery and how many pictures stand for each.") { file };
        list.SetAction(result => List(result.GetRequiredValue(file)));
        var command = new Command("products", "The goods that a store knows by sight: make a gallery of pictures, look into it, try it out.")
        {
            folder, Enroll(folder), list, Identify(folder),
        };
        return command;
    }

    private static Command Enroll(Option<string?> folder)
    {
        var pictures = new Argument<string>("DIR") { Description = "Folder with CLASS/*.jpg or CLASS_*.jpg (also .jpeg and .png)." };
        var output = new Option<string>("--out") { Description = "The gallery to write.", HelpName = "FILE", Required = true };
        var gtins = new Option<string?>("--gtins") { Description = "CSV lines CLASS,GTIN: which product each class is.", HelpName = "FILE" };
        var classes = new Option<string?>("--classes") { Description = "CSV with class_id,class_name: names for numbered classes; else classes.csv in DIR or beside it.", HelpName = "FILE" };
        var vectors = new Option<string>("--model") { Description = "Product vector model.", HelpName = "NAME", DefaultValueFactory = _ => Vectors };
        var localizer = new Option<string>("--localizer") { Description = "Product localizer, or none.", HelpName = "NAME", DefaultValueFactory = _ => Localizer };
        var command = new Command("enroll", "Makes a gallery of a folder of pictures. A picture that cannot be read is named and left out; the exit code is then 3.")
        {
            pictures, output, gtins, classes, vectors, localizer,
        };
        command.SetAction((result, cancel) =>
        {
            string box = result.GetRequiredValue(localizer);
            var models = new ModelsConfig(Products: result.GetRequiredValue(vectors), ProductLocalizer: box == "none" ? null : box);
            var pile = PicturePile.Find(result.GetRequiredValue(pictures), result.GetValue(classes), result.GetValue(gtins));
            return Task.FromResult(Enroll(pile, models, new ModelStore(result.GetValue(folder)), result.GetRequiredValue(output), cancel));
        });
        return command.WithExamples(
            """
            edge-agent products enroll photos --out products.gallery --gtins gtins.csv
            photos/milk-1l/a.jpg and photos/milk-1l_07.jpg are both pictures of the class milk-1l.
            """);
    }

    private static int Enroll(PicturePile pile, ModelsConfig models, ModelStore store, string output, CancellationToken cancel)
    {
        using ProductEye eye = ProductEye.Open(models, store.Catalog, store.Folder);
        var builder = new GalleryBuilder(eye);
        int unreadable = 0;
        using (var progress = new PictureProgress(pile.Pictures.Count))
        {
            foreach (PilePicture picture in pile.Pictures)
            {
                cancel.ThrowIfCancellationRequested();
                try
                {
                    builder.Add(picture.Product, picture.Gtin, picture.File);
                }
                catch (PictureException e)
                {
                    progress.Clear();
                    Terminal.Error(e.Message);
                    unreadable++;
                }
                progress.Next(picture.Product);
            }
        }
        if (builder.Pictures == 0)
        {
            throw new GalleryException($"None of the {pile.Pictures.Count} pictures could be read; no gallery was written.");
        }
        builder.Build().Save(output);
        foreach (string unused in pile.UnusedGtins)
        {
            Terminal.Error($"The GTIN list names the class \"{unused}\", of which there is no picture.");
        }
        string left = unreadable == 0 ? "" : $"; {unreadable} unreadable pictures were left out";
        Terminal.Line($"{output}: {builder.Products} products, {builder.Pictures} pictures{left}.");
        return unreadable == 0 ? ExitCode.Ok : ExitCode.Recording;
    }

    private static int List(string file)
    {
        ProductGallery gallery = ProductGallery.Load(file);
        Terminal.Table(
            ["product", "gtin", "pictures"],
            gallery.Products.Select(p => new[] { p.Name, p.Gtin ?? "", p.Pictures.ToString(CultureInfo.InvariantCulture) }),
            2);
        Terminal.Line($"{gallery.Products.Count} products, {gallery.PictureCount} pictures, made with {gallery.Model.Name} and {gallery.Localizer?.Name ?? "no localizer"}.");
        return ExitCode.Ok;
    }

    private static Command Identify(Option<string?> folder)
    {
        var file = new Argument<string>("FILE") { Description = "A gallery." };
        var pictures = new Argument<string[]>("PICTURE") { Description = "JPEG or PNG files.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of a table." };
        var threshold = new Option<double?>("--threshold") { Description = "Likeness from which a product counts as known, 0 to 1; else the model's.", HelpName = "X" };
        var margin = new Option<double>("--margin") { Description = "Least lead of the best product over the second, 0 to 1.", HelpName = "X", DefaultValueFactory = _ => new ProductsConfig().Margin };
        var command = new Command("identify", "Says which product each picture shows, with the five it is most like.") { file, pictures, json, threshold, margin };
        command.SetAction(result =>
        {
            string gallery = result.GetRequiredValue(file);
            ProductGallery known = ProductGallery.Load(gallery);
            var store = new ModelStore(result.GetValue(folder));
            // With the models that made it: the recognizer refuses a gallery whose model file has changed since.
            using ProductRecognizer recognizer = ProductRecognizer.Open(
                new ModelsConfig(Products: known.Model.Name, ProductLocalizer: known.Localizer?.Name),
                new ProductsConfig(gallery, result.GetValue(threshold), result.GetValue(margin)), store.Catalog, store.Folder);
            return Identify(recognizer, result.GetValue(pictures)!, result.GetValue(json));
        });
        return command;
    }

    private static int Identify(ProductRecognizer recognizer, string[] pictures, bool asJson)
    {
        int unreadable = 0;
        foreach (string picture in pictures)
        {
            try
            {
                ProductAnswer answer = recognizer.Identify(picture);
                if (asJson)
                {
                    Terminal.Line(Json(picture, answer));
                    continue;
                }
                Terminal.Line($"{picture}: {(answer.IsKnown ? answer.Best[0].Product.Name : "unknown")}");
                Terminal.Table(
                    ["product", "gtin", "likeness"],
                    answer.Best.Select(m => new[] { m.Product.Name, m.Product.Gtin ?? "", m.Score.ToString("0.000", CultureInfo.InvariantCulture) }),
                    2);
            }
            catch (PictureException e)
            {
                Terminal.Error(e.Message);
                unreadable++;
            }
        }
        return unreadable == 0 ? ExitCode.Ok : ExitCode.Recording;
    }

    private static string Json(string picture, ProductAnswer answer)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("picture", picture);
            json.WriteString("product", answer.IsKnown ? answer.Best[0].Product.Name : null);
            json.WriteString("gtin", answer.IsKnown ? answer.Best[0].Product.Gtin : null);
            json.WriteStartArray("best");
            foreach (ProductMatch match in answer.Best)
            {
                json.WriteStartObject();
                json.WriteString("product", match.Product.Name);
                json.WriteString("gtin", match.Product.Gtin);
                json.WriteNumber("likeness", Math.Round(match.Score, 4));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
