declare module "*.keras?url" {
  const address: string;
  export default address;
}
