namespace EdgeAgent.Core.Config;

internal sealed partial class ConfigRules
{
    private void CheckProducts(ProductsConfig products, ModelsConfig models)
    {
        if (products.Gallery is { } gallery && gallery.Length == 0)
        {
            Add("$.products.gallery", "bad-value", "a file name is needed; leave the key out to recognise no products.");
        }
        if (products.Gallery is not null && models.Products is null)
        {
            Add("$.models.products", "missing", "a gallery is named in products.gallery, so the model that made it must be named here.");
        }
        if (products.Gallery is null && models.Products is not null)
        {
            Add("$.products.gallery", "missing", "models.products names a model, so the gallery to compare with must be named here.");
        }
        if (products.Threshold is double threshold)
        {
            Range(threshold, 0, 1, "$.products.threshold");
        }
        Range(products.Margin, 0, 1, "$.products.margin");
    }
}
