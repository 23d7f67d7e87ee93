/** An address as a picture, for the telephone beside the desk. */
import { QRCode } from "antd";
import type { Picture } from "../../src/account/FactorSetUp";

/** Large enough for a telephone held at arm's length before a screen. */
const PICTURE_PX = 200;

export const pictureOf: Picture = (address) => <QRCode value={address} size={PICTURE_PX} type="svg" color="#000000" bgColor="#ffffff" bordered={false} />;
